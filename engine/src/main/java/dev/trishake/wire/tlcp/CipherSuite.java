// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tlcp;

/** Cipher suites of GB/T 38636 (and the signalling value that Tongsuo appends); the engine does the first four. */
public final class CipherSuite
{
    /** SM2 key exchange, SM4-CBC with HMAC-SM3. */
    public static final int ECDHE_SM4_CBC_SM3 = 0xe011;

    /** SM2 key exchange, SM4-GCM. */
    public static final int ECDHE_SM4_GCM_SM3 = 0xe051;

    /** SM2 public-key encryption, SM4-CBC with HMAC-SM3. */
    public static final int ECC_SM4_CBC_SM3 = 0xe013;

    /** SM2 public-key encryption, SM4-GCM. */
    public static final int ECC_SM4_GCM_SM3 = 0xe053;

    /** SM9 key exchange, SM4-CBC. */
    public static final int IBSDH_SM4_CBC_SM3 = 0xe015;

    /** SM9 key exchange, SM4-GCM. */
    public static final int IBSDH_SM4_GCM_SM3 = 0xe055;

    /** SM9 encryption, SM4-CBC. */
    public static final int IBC_SM4_CBC_SM3 = 0xe017;

    /** SM9 encryption, SM4-GCM. */
    public static final int IBC_SM4_GCM_SM3 = 0xe057;

    /** RSA, SM4-CBC with SM3. */
    public static final int RSA_SM4_CBC_SM3 = 0xe019;

    /** RSA, SM4-GCM with SM3. */
    public static final int RSA_SM4_GCM_SM3 = 0xe059;

    /** RSA, SM4-CBC with SHA-256. */
    public static final int RSA_SM4_CBC_SHA256 = 0xe01c;

    /** RSA, SM4-GCM with SHA-256. */
    public static final int RSA_SM4_GCM_SHA256 = 0xe05a;

    /** Not a suite but a signal, RFC 5746 3.3: accepted and ignored, TLCP has no secure renegotiation. */
    public static final int EMPTY_RENEGOTIATION_INFO_SCSV = 0x00ff;

    private CipherSuite()
    {
    }

    /**
     * {@return whether the engine does this suite}
     *
     * @param suite 0 to 0xffff
     */
    public static boolean isImplemented(final int suite)
    {
        return isEcc(suite) || isEcdhe(suite);
    }

    /**
     * {@return whether the pre-master secret is encrypted to the server's encryption certificate}
     *
     * @param suite 0 to 0xffff
     */
    public static boolean isEcc(final int suite)
    {
        return suite == ECC_SM4_CBC_SM3 || suite == ECC_SM4_GCM_SM3;
    }

    /**
     * {@return whether the pre-master secret comes from the SM2 key exchange, which needs the client's certificates}
     *
     * @param suite 0 to 0xffff
     */
    public static boolean isEcdhe(final int suite)
    {
        return suite == ECDHE_SM4_CBC_SM3 || suite == ECDHE_SM4_GCM_SM3;
    }

    /**
     * {@return whether records are SM4-GCM's; of the other implemented suites they are SM4-CBC with HMAC-SM3}
     *
     * @param suite 0 to 0xffff
     */
    public static boolean isGcm(final int suite)
    {
        return suite == ECC_SM4_GCM_SM3 || suite == ECDHE_SM4_GCM_SM3;
    }

    /**
     * {@return the standard's name, or {@code unknown}}
     *
     * @param suite 0 to 0xffff
     */
    public static String name(final int suite)
    {
        return switch (suite)
        {
            case ECDHE_SM4_CBC_SM3 -> "ECDHE_SM4_CBC_SM3";
            case ECDHE_SM4_GCM_SM3 -> "ECDHE_SM4_GCM_SM3";
            case ECC_SM4_CBC_SM3 -> "ECC_SM4_CBC_SM3";
            case ECC_SM4_GCM_SM3 -> "ECC_SM4_GCM_SM3";
            case IBSDH_SM4_CBC_SM3 -> "IBSDH_SM4_CBC_SM3";
            case IBSDH_SM4_GCM_SM3 -> "IBSDH_SM4_GCM_SM3";
            case IBC_SM4_CBC_SM3 -> "IBC_SM4_CBC_SM3";
            case IBC_SM4_GCM_SM3 -> "IBC_SM4_GCM_SM3";
            case RSA_SM4_CBC_SM3 -> "RSA_SM4_CBC_SM3";
            case RSA_SM4_GCM_SM3 -> "RSA_SM4_GCM_SM3";
            case RSA_SM4_CBC_SHA256 -> "RSA_SM4_CBC_SHA256";
            case RSA_SM4_GCM_SHA256 -> "RSA_SM4_GCM_SHA256";
            case EMPTY_RENEGOTIATION_INFO_SCSV -> "EMPTY_RENEGOTIATION_INFO_SCSV";
            default -> "unknown";
        };
    }
}
