// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

/** When a listener answers a SYN without remembering it, RFC 4987 3.6; Linux's {@code tcp_syncookies} 0, 1 and 2. */
public enum SynCookieMode
{
    /** Never: a SYN that finds the queue full is dropped. */
    OFF,
    /** When the queue is full. */
    ON_OVERFLOW,
    /** Always: no SYN is remembered. */
    ALWAYS
}
