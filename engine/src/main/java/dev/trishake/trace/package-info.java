/**
 * Wire bytes as the text that a person reads: lines like tcpdump's and like Wireshark's.
 * May import {@code wire}, {@code crypto} and the cores' state enums, never their machines.
 * Each formatter is used on one thread; it knows no clock and no machine: time zone and names are given or built in.
 * Allocates as it likes, within documented bounds: it is for people, not for agents.
 */
package dev.trishake.trace;
