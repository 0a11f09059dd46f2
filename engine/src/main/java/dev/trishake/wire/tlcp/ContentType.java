// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tlcp;

/** Types of records, GB/T 38636 as TLS 1.1 (RFC 4346 6.2.1). */
public final class ContentType
{
    /** One byte, its own type, never part of the transcript. */
    public static final int CHANGE_CIPHER_SPEC = 20;

    /** Two bytes: level and description, see {@link Alert}. */
    public static final int ALERT = 21;

    /** A piece of the stream of handshake messages. */
    public static final int HANDSHAKE = 22;

    /** Bytes of the application. */
    public static final int APPLICATION_DATA = 23;

    /** Gateways among themselves, GM/T 0024 only; nobody speaks it, so it is unexpected. */
    public static final int SITE2SITE = 80;

    private ContentType()
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
            case CHANGE_CIPHER_SPEC -> "change_cipher_spec";
            case ALERT -> "alert";
            case HANDSHAKE -> "handshake";
            case APPLICATION_DATA -> "application_data";
            case SITE2SITE -> "site2site";
            default -> "unknown";
        };
    }
}
