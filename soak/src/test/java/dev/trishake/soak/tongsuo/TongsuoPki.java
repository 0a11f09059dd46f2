// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.tongsuo;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * A PKI as Tongsuo itself makes and writes one: keys in PKCS #8, encrypted with SM4, in SEC 1, or plain. The files have
 * the names of those of {@code soak.jar pki}.
 */
public final class TongsuoPki
{
    private static final String CURVE = "SM2";
    private static final int EVP_PKEY_EC = 408;
    private static final int MBSTRING_ASC = 0x1001;
    private static final int VERSION_3 = 2;
    private static final long DAY_S = 86_400;

    private final LibSsl lib;
    private final Path folder;
    private final Form form;
    private int serial = 0x1234_5678;

    /** Of keys that are encrypted. */
    static final String PASSWORD = "secret";

    /** How private keys are written. */
    public enum Form
    {
        /** PRIVATE KEY. */
        PKCS8,

        /** ENCRYPTED PRIVATE KEY, with SM4-CBC under {@link TongsuoPki#PASSWORD}. */
        PKCS8_SM4,

        /** EC PRIVATE KEY. */
        SEC1
    }

    /** A certificate and its key, of the library. */
    private record Pair(MemorySegment certificate, MemorySegment key)
    {
    }

    private TongsuoPki(final LibSsl lib, final Path folder, final Form form)
    {
        this.lib = lib;
        this.folder = folder;
        this.form = form;
    }

    /** Makes it: a root, a sub-authority, and the two pairs of a server of this name and of a client. */
    public static void write(final Path folder, final Form form, final String host)
    {
        final TongsuoPki pki = new TongsuoPki(LibSsl.load(), folder, form);
        final Pair root = pki.pair("ca", "Root", null, "basicConstraints=critical,CA:TRUE",
            "keyUsage=critical,keyCertSign,cRLSign");
        final Pair authority = pki.pair("subca", "Sub", root, "basicConstraints=critical,CA:TRUE,pathlen:0",
            "keyUsage=critical,keyCertSign,cRLSign");
        for (final String use : new String[] {"sign", "enc"})
        {
            final String usage = "keyUsage=critical," +
                ("sign".equals(use) ? "digitalSignature" : "keyEncipherment,dataEncipherment,keyAgreement");
            pki.pair("server_" + use, host, authority, usage, "subjectAltName=DNS:" + host);
            pki.pair("client_" + use, "client", authority, usage);
        }
    }

    private Pair pair(final String file, final String name, final Pair issuer, final String... extensions)
    {
        final MemorySegment key = key();
        final MemorySegment certificate = lib.pointer("X509_new");
        lib.must("X509_set_version", certificate, (long)VERSION_3);
        lib.must("ASN1_INTEGER_set", lib.pointer("X509_get_serialNumber", certificate), (long)serial++);
        lib.pointer("X509_gmtime_adj", lib.pointer("X509_getm_notBefore", certificate), -DAY_S);
        lib.pointer("X509_gmtime_adj", lib.pointer("X509_getm_notAfter", certificate), DAY_S);
        final MemorySegment subject = lib.pointer("X509_get_subject_name", certificate);
        lib.must("X509_NAME_add_entry_by_txt", subject, "CN", MBSTRING_ASC, name, -1, -1, 0);
        lib.must("X509_set_issuer_name", certificate,
            issuer == null ? subject : lib.pointer("X509_get_subject_name", issuer.certificate));
        lib.must("X509_set_pubkey", certificate, key);
        for (final String extension : extensions)
        {
            final int equals = extension.indexOf('=');
            final MemorySegment made = lib.pointer("X509V3_EXT_conf_nid", MemorySegment.NULL, MemorySegment.NULL,
                lib.number("OBJ_txt2nid", extension.substring(0, equals)), extension.substring(equals + 1));
            lib.must("X509_add_ext", certificate, made, -1);
        }
        if (lib.number("X509_sign", certificate, issuer == null ? key : issuer.key, lib.pointer("EVP_sm3")) <= 0)
        {
            throw new IllegalStateException("X509_sign: " + lib.errors());
        }
        write(file, certificate, key);
        return new Pair(certificate, key);
    }

    private MemorySegment key()
    {
        final MemorySegment pair =
            lib.pointer("EC_KEY_new_by_curve_name", lib.number("OBJ_txt2nid", CURVE));
        lib.must("EC_KEY_generate_key", pair);
        final MemorySegment key = lib.pointer("EVP_PKEY_new");
        lib.must("EVP_PKEY_assign", key, EVP_PKEY_EC, pair);
        lib.must("EVP_PKEY_set_alias_type", key, lib.number("OBJ_txt2nid", CURVE)); // else it would sign by ECDSA
        return key;
    }

    private void write(final String file, final MemorySegment certificate, final MemorySegment key)
    {
        final MemorySegment toCertificate = lib.pointer("BIO_new_file", folder.resolve(file + ".crt").toString(), "w");
        lib.must("PEM_write_bio_X509", toCertificate, certificate);
        lib.number("BIO_free", toCertificate);
        final MemorySegment toKey = lib.pointer("BIO_new_file", folder.resolve(file + ".key").toString(), "w");
        switch (form)
        {
            case SEC1 -> lib.must("PEM_write_bio_ECPrivateKey", toKey, lib.pointer("EVP_PKEY_get0_EC_KEY", key),
                MemorySegment.NULL, MemorySegment.NULL, 0, MemorySegment.NULL, MemorySegment.NULL);
            case PKCS8 -> lib.must("PEM_write_bio_PKCS8PrivateKey", toKey, key, MemorySegment.NULL,
                MemorySegment.NULL, 0, MemorySegment.NULL, MemorySegment.NULL);
            case PKCS8_SM4 -> lib.must("PEM_write_bio_PKCS8PrivateKey", toKey, key, lib.pointer("EVP_sm4_cbc"),
                PASSWORD, PASSWORD.length(), MemorySegment.NULL, MemorySegment.NULL);
        }
        lib.number("BIO_free", toKey);
    }
}
