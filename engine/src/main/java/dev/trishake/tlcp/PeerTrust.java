// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * What is known of certificates that peers show: verdicts by the SM3 fingerprint of the Certificate message's body. Who
 * has verdicts made (validation is no work for an agent's thread) puts them where {@link #find} looks.
 *
 * <p>Called on the agent's thread; allocates nothing.
 */
public interface PeerTrust
{
    /** What {@link #find} says of certificates that are not known: the session waits for a verdict. */
    int UNKNOWN = -1;

    /** What {@link #alert} says of certificates that are trusted. */
    int TRUSTED = -1;

    /** Octets of a fingerprint. */
    int FINGERPRINT_LENGTH = 32;

    /** Octets of both public keys: signing x, y, encryption x, y. */
    int KEYS_LENGTH = 128;

    /**
     * Looks for a verdict.
     *
     * @param certificates      where the body of the Certificate message is, for who is to have a verdict made
     * @param offset            where it begins
     * @param length            of it
     * @param fingerprint       where the fingerprint is
     * @param fingerprintOffset where it begins
     * @param nowNs             the agent's time
     * @return an entry for the other methods, good until this thread's next call; or {@link #UNKNOWN}
     */
    int find(
        DirectBuffer certificates, int offset, int length, DirectBuffer fingerprint, int fingerprintOffset, long nowNs);

    /**
     * {@return {@link #TRUSTED}, or the description of the alert to send}
     *
     * @param entry as {@link #find} answered
     */
    int alert(int entry);

    /**
     * {@return where in the list the encryption certificate stands; negative when there is none}
     *
     * @param entry as {@link #find} answered
     */
    int encryptionIndex(int entry);

    /**
     * Copies the public keys.
     *
     * @param entry       as {@link #find} answered
     * @param destination where {@link #KEYS_LENGTH} octets go
     * @param offset      where they begin
     */
    void copyKeys(int entry, MutableDirectBuffer destination, int offset);
}
