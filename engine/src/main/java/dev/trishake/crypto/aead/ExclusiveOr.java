// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.aead;

import org.agrona.concurrent.UnsafeBuffer;

/** Adds key stream to text, eight octets at a time. */
final class ExclusiveOr
{
    private final UnsafeBuffer text = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer keyStream = new UnsafeBuffer(0, 0);

    /** As the kernels' method of this name. */
    void apply(final byte[] text, final int textAt, final byte[] keyStream, final int keyStreamAt, final int length)
    {
        this.text.wrap(text);
        this.keyStream.wrap(keyStream);
        for (int i = 0; i < length; i += Long.BYTES)
        {
            this.text.putLong(textAt + i, this.text.getLong(textAt + i) ^ this.keyStream.getLong(keyStreamAt + i));
        }
    }
}
