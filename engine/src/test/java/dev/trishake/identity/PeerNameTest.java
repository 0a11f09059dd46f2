// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.identity;

import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PeerNameTest
{
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # asked          | alternative names         | common name  | matches
        localhost        | localhost                 | other        | true
        LOCALHOST.       | localhost                 | other        | true
        localhost        | LocalHost                 | other        | true
        localhost        | other                     | localhost    | false
        localhost        |                           | localhost    | true
        localhost        |                           | other        | false
        a.example.com    | *.example.com             | x            | true
        a.b.example.com  | *.example.com             | x            | false
        example.com      | *.example.com             | x            | false
        a.com            | *.com                     | x            | false
        aexample.com     | *.example.com             | x            | false
        ab.example.com   | a*.example.com            | x            | false
        b.test           | a.test,b.test             | x            | true
        127.0.0.1        | 127.0.0.1                 | x            | true
        127.0.0.2        | 127.0.0.1                 | x            | false
        ::1              | 0:0:0:0:0:0:0:1           | x            | true
        127.0.0.1        |                           | 127.0.0.1    | false
        127.0.0.1        | dns:127.0.0.1             | x            | false
        """)
    void shouldMatchAsRfc6125Says(
        final String asked, final String names, final String commonName, final boolean expected) throws Exception
    {
        final GeneralNames alternatives = names == null ? null : new GeneralNames(Arrays.stream(names.split(",", -1))
            .map(name -> new GeneralName(
                name.matches("[0-9.]+|[0-9:]+") ? GeneralName.iPAddress : GeneralName.dNSName,
                name.replace("dns:", "")))
            .toArray(GeneralName[]::new));
        final X509CertificateHolder certificate = TestAuthority.root(TestKeys.SM2, new TestAuthority.Contents(
            new X500Name("CN=" + commonName), alternatives, KeyUsage.digitalSignature, null, -1, Instant.EPOCH,
            Duration.ofDays(1)), new SecureRandom()).certificate();
        assertEquals(expected, PeerName.of(asked).matches(certificate));
        assertTrue(PeerName.ANY.matches(certificate));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a..b", "*.example.com", "-a", "a-", "\u4f60\u597d.cn", "a b", "a:b"})
    void shouldRefuseWhatIsNoName(final String name)
    {
        assertThrows(IllegalArgumentException.class, () -> PeerName.of(name));
    }

    @Test
    void shouldGiveEachNameADigestOfItsOwn()
    {
        assertTrue(Arrays.equals(PeerName.of("a.test").digest(), PeerName.of("A.TEST.").digest()));
        assertFalse(Arrays.equals(PeerName.of("a.test").digest(), PeerName.of("b.test").digest()));
        assertTrue(Arrays.equals(new byte[32], PeerName.ANY.digest()));
    }
}
