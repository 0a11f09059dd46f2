/**
 * Bytes to fields and back: the cursors that all variable-length parsing goes through, and DER.
 * May import Agrona's buffers and nothing of ours; the packages below it hold one class per header or message.
 * Any thread, as long as an object stays on one.
 * Allocates nothing after construction and throws nothing for bad input: cursors fail and stay failed, flyweights
 * refuse in {@code wrap} and are total afterwards.
 */
package dev.trishake.wire;
