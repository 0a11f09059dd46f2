// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.identity;

import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import dev.trishake.support.Vectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** One key in every form in which peers write it. */
class CredentialsTest
{
    private static final char[] PASSWORD = "123456".toCharArray();
    private static final BigInteger KEY =
        new BigInteger("faf3f4af5035c87ed784b08c5b2663d0c7073a50d077d5ecb09631f7eccaff90", 16);

    @ParameterizedTest
    @ValueSource(strings = {
        "pki/server_sign.key", "pki/server_sign.p8.der", "pki/server_sign.p12", "keys/sec1.pem", "keys/sec1.der",
        "keys/sec1-with-parameters.pem", "keys/sec1-aes128.pem", "keys/pkcs8-aes256.pem", "keys/pkcs8-sm4.pem",
        "keys/pkcs8-sm4.der", "keys/gmssl.der", "keys/gmssl-encrypted.pem", "keys/curve-as-algorithm.der",
        "keys/sm4.p12", "keys/legacy.p12"})
    void shouldReadTheKeyInEveryForm(final String file) throws IdentityException
    {
        final Credentials found = read(file, PASSWORD);
        assertEquals(KEY, found.key(EcCurve.SM2));
        if (file.endsWith(".p12"))
        {
            assertEquals("server_sign.crt", sameCertificate(found));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "pki/server_sign.crt, 1", "pki/server_double.crt, 3", "pki/chain.crt, 2", "pki/server_sign.p12, 3",
        "keys/sm4.p12, 1", "pki/ca.key, 0"})
    void shouldReadCertificatesInOrder(final String file, final int count) throws IdentityException
    {
        assertEquals(count, read(file, PASSWORD).certificates().size());
    }

    @Test
    void shouldReadACertificateInDer() throws IOException
    {
        final byte[] der = read("pki/server_sign.crt", null).certificates().getFirst().getEncoded();
        assertEquals("server_sign.crt", sameCertificate(Credentials.parse("der", der, null)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        keys/pkcs8-sm4.pem       |        | is encrypted: give its password
        keys/pkcs8-sm4.der       |        | is encrypted: give its password
        keys/sec1-aes128.pem     |        | is encrypted: give its password
        pki/server_sign.p12      |        | is encrypted: give its password
        keys/pkcs8-sm4.pem       | 654321 | the password is wrong, or the key is encrypted in an unknown way
        keys/gmssl-encrypted.pem | 654321 | the password is wrong, or the key is encrypted in an unknown way
        keys/pkcs8-aes256.pem    | 654321 | the password is wrong, or the key is encrypted in an unknown way
        keys/sec1-aes128.pem     | 654321 | the password is wrong, or the key is encrypted in an unknown way
        pki/server_sign.p12      | 654321 | the password is wrong, or the file is damaged
        keys/p256.pem            |        | the private key is not an SM2 key
        pki/ca.crt               |        | has no private key in it
        keys/README.md           |        | is damaged, or neither PEM nor DER of a certificate, a key or PKCS #12
        """)
    void shouldSayWhatIsWrong(final String file, final String password, final String sentence)
    {
        final IdentityException ex = assertThrows(IdentityException.class,
            () -> read(file, password == null ? null : password.toCharArray()).key(EcCurve.SM2));
        assertEquals(file + ": " + sentence, ex.getMessage());
    }

    @Test
    void shouldSayThatAFileIsMissing(@TempDir final Path folder)
    {
        final Path file = folder.resolve("nothing.pem");
        assertEquals(
            file + ": there is no such file",
            assertThrows(IdentityException.class, () -> Credentials.read(file, null)).getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "n - 2", "n - 1", "n", "n + 1"})
    void shouldRefuseKeysOutOfRange(final String value) throws IdentityException
    {
        final BigInteger order = EcCurve.SM2.order();
        final BigInteger key = value.startsWith("n") ?
            order.add(new BigInteger(value.length() == 1 ? "0" : value.substring(2).replace(" ", ""))) :
            new BigInteger(value);
        final byte[] sec1 = Vectors.bytes("tlcp/keys/sec1.der");
        for (int i = 0; i < EcCurve.WIDTH; i++)
        {
            sec1[7 + i] = key.shiftRight(8 * (EcCurve.WIDTH - 1 - i)).byteValue();
        }
        if (key.signum() > 0 && key.compareTo(order.subtract(BigInteger.ONE)) < 0)
        {
            assertEquals(key, Credentials.parse("key", sec1, null).key(EcCurve.SM2));
        }
        else
        {
            final Credentials found = Credentials.parse("key", sec1, null);
            assertEquals("key: the private key is out of the range of an SM2 key",
                assertThrows(IdentityException.class, () -> found.key(EcCurve.SM2)).getMessage());
        }
    }

    @Test
    void shouldSayOneSentenceWhateverIsInAFile()
    {
        final String[] files = {
            "pki/server_sign.key", "pki/server_sign.p8.der", "keys/sec1.der", "keys/pkcs8-sm4.der", "keys/gmssl.der",
            "pki/server_sign.crt"};
        final int[] refused = new int[1];
        Seeded.forEach(Scale.pick(300, 50_000), random ->
        {
            final byte[] valid = Vectors.bytes("tlcp/" + files[random.nextInt(files.length)]);
            final byte[] bytes = Arrays.copyOf(
                valid, random.nextInt(3) > 0 ? valid.length : random.nextInt(valid.length));
            // the iterations of PBKDF2 stay as they are: a billion of them would be done
            Seeded.mutate(random, bytes, bytes.length > 1 && (bytes[0] == '-' || bytes[1] != (byte)0x81) ? 2 : 0);
            try
            {
                final Credentials found = Credentials.parse("file", bytes, PASSWORD);
                if (found.certificates().isEmpty())
                {
                    found.key(EcCurve.SM2);
                }
            }
            catch (final IdentityException ex)
            {
                assertTrue(ex.getMessage().startsWith("file: "), ex.getMessage());
                refused[0]++;
            }
        });
        assertTrue(refused[0] > 50, "refused: " + refused[0]);
    }

    private static String sameCertificate(final Credentials found) throws IdentityException
    {
        return found.certificates().getFirst().equals(read("pki/server_sign.crt", null).certificates().getFirst()) ?
            "server_sign.crt" : "another one";
    }

    private static Credentials read(final String file, final char[] password) throws IdentityException
    {
        return Credentials.parse(file, "keys/README.md".equals(file) ?
            "no certificate".getBytes(StandardCharsets.US_ASCII) : Vectors.bytes("tlcp/" + file), password);
    }
}
