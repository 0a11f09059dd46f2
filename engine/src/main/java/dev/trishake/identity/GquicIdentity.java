// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.identity;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a server of gQUIC shows and signs with: a chain of certificates, compressed beforehand, and the private key of
 * its leaf, on P-256 or of RSA; checked when it is loaded.
 *
 * <p>A key on P-256 signs in our own kernel, which is given its octets. One of RSA is the JDK's: {@link #newSigner()}
 * makes who signs with it, and it can't be wiped.
 */
public final class GquicIdentity
{
    /** Octets of a private key on P-256. */
    public static final int KEY_LENGTH = EcCurve.WIDTH;

    /** Octets of a public key on P-256: x, y. */
    public static final int POINT_LENGTH = 2 * EcCurve.WIDTH;

    /** Longest chain of which clients may have a part. */
    public static final int MAX_CACHED = 4;

    /** Longest modulus: a proof must fit beside the chain into what a REJ may have. */
    private static final int MAX_RSA_BITS = 4096;

    /** Longest signature of ECDSA in DER. */
    private static final int MAX_ECDSA_LENGTH = 72;

    private final X509CertificateHolder certificate;
    private final UnsafeBuffer leaf;
    private final long leafHash;
    private final List<DirectBuffer> chain;
    private final List<DirectBuffer> certificateLists;
    private final RSAPrivateKey rsaKey;
    private final UnsafeBuffer key = new UnsafeBuffer(ByteBuffer.allocateDirect(KEY_LENGTH));
    private final UnsafeBuffer point = new UnsafeBuffer(new byte[POINT_LENGTH]);

    private GquicIdentity(final List<X509CertificateHolder> chain, final RSAPrivateKey rsaKey, final BigInteger ecKey)
        throws IOException
    {
        certificate = chain.getFirst();
        final List<byte[]> ders = new ArrayList<>();
        for (final X509CertificateHolder one : chain)
        {
            ders.add(one.getEncoded());
        }
        leaf = new UnsafeBuffer(ders.getFirst());
        leafHash = GquicChains.hash(ders.getFirst());
        this.chain = ders.stream().<DirectBuffer>map(UnsafeBuffer::new).toList();
        certificateLists = certificateLists(ders);
        this.rsaKey = rsaKey;
        if (ecKey != null)
        {
            for (int i = 0; i < KEY_LENGTH; i++)
            {
                key.putByte(i, ecKey.shiftRight((KEY_LENGTH - 1 - i) * Byte.SIZE).byteValue());
            }
            point.putBytes(0, EcCurve.P256.pointOf(ecKey));
        }
    }

    private static List<DirectBuffer> certificateLists(final List<byte[]> ders)
    {
        final List<DirectBuffer> lists = new ArrayList<>();
        final int sets = ders.size() > MAX_CACHED ? 1 : 1 << ders.size();
        for (int set = 0; set < sets; set++)
        {
            final List<Long> known = new ArrayList<>();
            for (int i = 0; i < ders.size(); i++)
            {
                if ((set & 1 << i) != 0)
                {
                    known.add(GquicChains.hash(ders.get(i)));
                }
            }
            lists.add(new UnsafeBuffer(GquicChains.write(ders, known)));
        }
        return List.copyOf(lists);
    }

    /**
     * Loads an identity from files, PEM or DER, and checks it.
     *
     * @param certificates with the leaf and the authorities behind it, in any order but the leaf first; or PKCS #12
     * @param key          with the private key: PKCS #8, SEC 1, PKCS #1 or PKCS #12; may be the same file
     * @param password     of files that are encrypted, or null
     * @param now          when the certificates must be valid
     * @return the identity
     * @throws IdentityException with a sentence for the first fault
     */
    public static GquicIdentity load(
        final Path certificates, final Path key, final char[] password, final Instant now) throws IdentityException
    {
        final Credentials found = Credentials.read(certificates, password);
        if (found.certificates().isEmpty())
        {
            throw new IdentityException(certificates + ": has no certificate in it");
        }
        final Credentials keys = key.equals(certificates) ? found : Credentials.read(key, password);
        try
        {
            final PrivateKeyInfo info = keys.key();
            if (PKCSObjectIdentifiers.rsaEncryption.equals(info.getPrivateKeyAlgorithm().getAlgorithm()))
            {
                return loadRsa(found, keys, info, now);
            }
            if (!EcCurve.P256.isOf(info))
            {
                throw new IdentityException(key + ": the private key is neither of RSA nor on P-256");
            }
            final BigInteger number = keys.key(EcCurve.P256);
            final byte[] point = EcCurve.P256.pointOf(number);
            final X509CertificateHolder leaf = leaf(found, keys, found.certificates().stream()
                .filter(one -> Arrays.equals(point, EcCurve.P256.point(one.getSubjectPublicKeyInfo()))).toList());
            return new GquicIdentity(chain(found, leaf, now), null, number);
        }
        catch (final IdentityException ex)
        {
            throw ex;
        }
        catch (final IOException | RuntimeException ex)
        {
            throw new IdentityException(certificates + ": a certificate or key is damaged: " + ex.getMessage(), ex);
        }
    }

    private static GquicIdentity loadRsa(
        final Credentials found, final Credentials keys, final PrivateKeyInfo info, final Instant now)
        throws IOException
    {
        final RSAPrivateKey rsa;
        try
        {
            rsa = (RSAPrivateKey)KeyFactory.getInstance("RSA")
                .generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
        }
        catch (final GeneralSecurityException ex)
        {
            throw new IdentityException(keys.name() + ": the private key is damaged: " + ex.getMessage(), ex);
        }
        final int bits = rsa.getModulus().bitLength();
        if (bits < WebPki.MIN_RSA_BITS || bits > MAX_RSA_BITS)
        {
            throw new IdentityException(keys.name() + ": the private key has " + bits + " bits; " +
                WebPki.MIN_RSA_BITS + " to " + MAX_RSA_BITS + " are good here");
        }
        final X509CertificateHolder leaf = leaf(found, keys, found.certificates().stream().filter(one ->
        {
            final RSAPublicKey key = WebPki.rsaKey(one.getSubjectPublicKeyInfo());
            return key != null && key.getModulus().equals(rsa.getModulus());
        }).toList());
        return new GquicIdentity(chain(found, leaf, now), rsa, null);
    }

    /** PKCS #12 keeps no order: there the leaf is the one that the key belongs to. */
    private static X509CertificateHolder leaf(
        final Credentials found, final Credentials keys, final List<X509CertificateHolder> owners)
        throws IdentityException
    {
        final X509CertificateHolder first = found.certificates().getFirst();
        if (owners.contains(first))
        {
            return first;
        }
        if (owners.isEmpty() || found != keys)
        {
            throw new IdentityException(found.name() + ": " + (owners.isEmpty() ?
                "the certificate does not belong to the private key in " + keys.name() :
                "the leaf, whose key is in " + keys.name() + ", must come first"));
        }
        return owners.getFirst();
    }

    private static List<X509CertificateHolder> chain(
        final Credentials found, final X509CertificateHolder leaf, final Instant now) throws IdentityException
    {
        final String fault = faultOf(leaf, now);
        if (fault != null)
        {
            throw new IdentityException(found.name() + ": the certificate of " + Certificates.subject(leaf) + fault);
        }
        final AuthorityChain authorities = new AuthorityChain(WebPki::isSignedBy, leaf);
        authorities.add(found.certificates());
        final Path source = Path.of(found.name());
        authorities.check(source, now);
        final List<X509CertificateHolder> chain = new ArrayList<>(List.of(leaf));
        chain.addAll(authorities.takeFrom(leaf));
        authorities.checkNoneIsLeft(source);
        return chain;
    }

    /** {@return what is wrong with a leaf, or null}; one that says nothing of its usage may be used for all. */
    private static String faultOf(final X509CertificateHolder leaf, final Instant now)
    {
        if (now.isBefore(leaf.getNotBefore().toInstant()))
        {
            return " is not valid before " + leaf.getNotBefore().toInstant();
        }
        if (now.isAfter(leaf.getNotAfter().toInstant()))
        {
            return " has expired on " + leaf.getNotAfter().toInstant();
        }
        if (KeyUsage.fromExtensions(leaf.getExtensions()) != null &&
            !Certificates.hasUsage(leaf, KeyUsage.digitalSignature))
        {
            return " may not be used for signing: its key usage must have digitalSignature";
        }
        return Certificates.hasPurpose(leaf, KeyPurposeId.id_kp_serverAuth) ?
            null : " is for another purpose than a server's";
    }

    /**
     * {@return whether the key is of RSA, so that {@link #newSigner()} signs; else it is on P-256}
     */
    public boolean isRsa()
    {
        return rsaKey != null;
    }

    /**
     * {@return DER of the leaf: a part of what the keys are derived from, gQUIC 12}
     */
    public DirectBuffer leaf()
    {
        return leaf;
    }

    /**
     * {@return the FNV-1a-64 hash of the leaf, as XLCT has it in little endian}
     */
    public long leafHash()
    {
        return leafHash;
    }

    /**
     * {@return DER of all certificates, leaf first}
     */
    public List<DirectBuffer> chain()
    {
        return chain;
    }

    /**
     * {@return values of CRT: for chains of up to {@value #MAX_CACHED} certificates one for each set of them that a
     * client may have, bit i of whose index says that it has certificate i; for longer ones the first of these alone,
     * for clients that have none}
     */
    public List<DirectBuffer> certificateLists()
    {
        return certificateLists;
    }

    /**
     * {@return octets of the longest proof that this key makes}
     */
    public int maxProofLength()
    {
        return isRsa() ? (rsaKey.getModulus().bitLength() + Byte.SIZE - 1) / Byte.SIZE : MAX_ECDSA_LENGTH;
    }

    /**
     * Copies the private key to where the kernel wants it, whose owner then wipes it.
     *
     * @param destination where to
     * @param offset      where it begins: {@link #KEY_LENGTH} octets, big-endian; zeros where the key is of RSA
     */
    public void copyPrivateKey(final MutableDirectBuffer destination, final int offset)
    {
        destination.putBytes(offset, key, 0, KEY_LENGTH);
    }

    /**
     * {@return the public key, {@link #POINT_LENGTH} octets: x, y; zeros where the key is of RSA}
     */
    public DirectBuffer publicKey()
    {
        return point;
    }

    /**
     * {@return who signs with a key of RSA, for one thread}
     */
    public RsaProofSigner newSigner()
    {
        if (rsaKey == null)
        {
            throw new IllegalStateException("the key is on P-256, and its proofs are made by our own kernel");
        }
        return new RsaProofSigner(rsaKey);
    }

    /** Wipes a private key on P-256; what was copied is not. */
    public void wipe()
    {
        key.setMemory(0, KEY_LENGTH, (byte)0);
    }

    /**
     * {@return whom the leaf names, as people write it}
     */
    public String subject()
    {
        return Certificates.subject(certificate);
    }

    /**
     * {@return whether the leaf is for a host}
     *
     * @param host that a client wants
     */
    public boolean isFor(final PeerName host)
    {
        return host.matches(certificate);
    }

    /**
     * {@return when the leaf expires}
     */
    public Instant expires()
    {
        return certificate.getNotAfter().toInstant();
    }
}
