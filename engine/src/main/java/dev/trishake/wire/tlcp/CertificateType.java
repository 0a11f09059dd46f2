// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tlcp;

/** Types in a CertificateRequest. */
public final class CertificateType
{
    /** RSA; Tongsuo and gotlcp send it beside the other. */
    public static final int RSA_SIGN = 1;

    /** SM2. */
    public static final int ECDSA_SIGN = 64;

    /** SM9. */
    public static final int IBC_PARAMS = 80;

    private CertificateType()
    {
    }

    /**
     * {@return the standard's name, or {@code unknown}}
     *
     * @param type 0 to 255
     */
    public static String name(final int type)
    {
        return switch (type)
        {
            case RSA_SIGN -> "rsa_sign";
            case ECDSA_SIGN -> "ecdsa_sign";
            case IBC_PARAMS -> "ibc_params";
            default -> "unknown";
        };
    }
}
