/**
 * TCP's header and options (RFC 9293 3.1 and 3.2, RFC 7323, RFC 2018, RFC 7413), and its checksum.
 * A {@code Flyweight} reads: its {@code wrap} checks everything once; an {@code Encoder} writes, never reads old bytes.
 * May import Agrona's buffers and {@code wire.ip}'s checksum.
 * Any thread, as long as an object stays on one; allocates nothing after construction.
 */
package dev.trishake.wire.tcp;
