/**
 * TLCP 1.1 on the wire (GB/T 38636-2020, GM/T 0024): record header, handshake messages, extensions, alerts, and SM2's
 * signatures and ciphertexts in DER. A {@code Decoder} or {@code Flyweight} checks everything once in {@code wrap} and
 * is total afterwards; an {@code Encoder} writes through a cursor, whose failure is asked for once, at the end.
 * May import the cursors and DER of {@code wire} and Agrona's buffers.
 * Any thread, as long as an object stays on one; allocates nothing after construction.
 */
package dev.trishake.wire.tlcp;
