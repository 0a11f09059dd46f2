// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * What a client knows of certificates that servers show: verdicts by a fingerprint of the host name and the value of
 * CRT. Who has verdicts made (unpacking and validation are no work for an agent's thread) puts them where {@link #find}
 * looks. Certificates that the list says by their hash alone are those of verdicts before.
 *
 * <p>Called on the agent's thread; allocates nothing, but for {@link #verify}.
 */
public interface GquicPeerTrust
{
    /** What {@link #find} says of certificates that are not known: the session waits for a verdict. */
    int UNKNOWN = -1;

    /** What {@link #error} says of certificates that are trusted. */
    int TRUSTED = 0;

    /** Octets of a fingerprint: SHA-256 over the name's length (4, little endian), the name, the value of CRT. */
    int FINGERPRINT_LENGTH = 32;

    /** Octets of a leaf's P-256 key: x, y. */
    int KEY_LENGTH = 64;

    /**
     * Looks for a verdict.
     *
     * @param name              where the host name is, for who is to have a verdict made
     * @param nameOffset        where it begins
     * @param nameLength        of it
     * @param certificates      where the value of CRT is, for the same
     * @param offset            where it begins
     * @param length            of it
     * @param fingerprint       where the fingerprint is
     * @param fingerprintOffset where it begins
     * @param nowNs             the agent's time
     * @return an entry for the other methods, good until this thread's next call; or {@link #UNKNOWN}
     */
    int find(
        DirectBuffer name, int nameOffset, int nameLength, DirectBuffer certificates, int offset, int length,
        DirectBuffer fingerprint, int fingerprintOffset, long nowNs);

    /**
     * {@return {@link #TRUSTED}, or the {@link dev.trishake.wire.gquic.GquicError} to end with}
     *
     * @param entry as {@link #find} answered
     */
    int error(int entry);

    /**
     * {@return octets of the leaf's DER}
     *
     * @param entry as {@link #find} answered
     */
    int leafLength(int entry);

    /**
     * Copies the leaf's DER.
     *
     * @param entry       as {@link #find} answered
     * @param destination where {@link #leafLength} octets go
     * @param offset      where they begin
     */
    void copyLeaf(int entry, MutableDirectBuffer destination, int offset);

    /**
     * {@return how many certificates the chain has}
     *
     * @param entry as {@link #find} answered
     */
    int chainLength(int entry);

    /**
     * {@return the FNV-1a-64 of a certificate's DER}
     *
     * @param entry as {@link #find} answered
     * @param index of the certificate, 0 is the leaf
     */
    long hash(int entry, int index);

    /**
     * {@return whether the leaf has a P-256 key; else {@link #verify} is asked}
     *
     * @param entry as {@link #find} answered
     */
    boolean isEcdsa(int entry);

    /**
     * Copies the leaf's P-256 key.
     *
     * @param entry       as {@link #find} answered
     * @param destination where {@link #KEY_LENGTH} octets go
     * @param offset      where they begin
     */
    void copyKey(int entry, MutableDirectBuffer destination, int offset);

    /**
     * {@return whether a signature of the leaf's is right, where the leaf has no P-256 key}: RSASSA-PSS with SHA-256.
     * May allocate.
     *
     * @param entry           as {@link #find} answered
     * @param input           what is signed
     * @param inputOffset     where it begins
     * @param inputLength     of it
     * @param signature       where the signature is
     * @param signatureOffset where it begins
     * @param signatureLength of it
     */
    boolean verify(
        int entry, DirectBuffer input, int inputOffset, int inputLength, DirectBuffer signature, int signatureOffset,
        int signatureLength);
}
