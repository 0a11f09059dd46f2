// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.identity;

import org.bouncycastle.cert.X509CertificateHolder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** The files of a PKI for tests, in one folder; those of the same names are replaced. */
final class PkiFiles
{
    private static final int LINE_LENGTH = 64;

    private final Path folder;
    private final List<Path> written = new ArrayList<>();

    /** Begins, and makes the folder when it is not there. */
    PkiFiles(final Path folder) throws IOException
    {
        this.folder = Files.createDirectories(folder);
    }

    /** {@return the files, in the order in which they were written} */
    List<Path> written()
    {
        return written;
    }

    /** Writes {@code .crt}, {@code .key} and {@code .p8.der}. */
    void writePair(final String name, final X509CertificateHolder certificate, final KeyPair keys) throws IOException
    {
        writeCertificates(name + ".crt", certificate);
        final byte[] pkcs8 = keys.getPrivate().getEncoded();
        write(name + ".key", pem("PRIVATE KEY", pkcs8).getBytes(StandardCharsets.US_ASCII));
        write(name + ".p8.der", pkcs8);
    }

    /** Writes certificates one behind the other, in PEM. */
    void writeCertificates(final String name, final X509CertificateHolder... certificates) throws IOException
    {
        final StringBuilder text = new StringBuilder();
        for (final X509CertificateHolder certificate : certificates)
        {
            text.append(pem("CERTIFICATE", certificate.getEncoded()));
        }
        write(name, text.toString().getBytes(StandardCharsets.US_ASCII));
    }

    /** Writes a file. */
    void write(final String name, final byte[] bytes) throws IOException
    {
        final Path file = folder.resolve(name);
        Files.write(file, bytes, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
        written.add(file);
    }

    private static String pem(final String label, final byte[] der)
    {
        return "-----BEGIN " + label + "-----\n" +
            Base64.getMimeEncoder(LINE_LENGTH, new byte[] {'\n'}).encodeToString(der) +
            "\n-----END " + label + "-----\n";
    }
}
