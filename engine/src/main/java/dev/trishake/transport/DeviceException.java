// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport;

/** A network device could not be set up; the message is one sentence that says what to do. */
public final class DeviceException extends RuntimeException
{
    private static final long serialVersionUID = 1;

    /**
     * Makes one with its sentence.
     *
     * @param message what can't be, why, and what to do
     */
    public DeviceException(final String message)
    {
        super(message);
    }
}
