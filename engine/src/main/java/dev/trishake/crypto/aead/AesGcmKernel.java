// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.aead;

import dev.trishake.crypto.Kernel;
import dev.trishake.crypto.lanes.AesGcmVectors;

/** AES-128-GCM's entry in the table of kernels. */
final class AesGcmKernel implements Kernel<AesGcmLanes>
{
    private final byte[] schedule = new byte[AesGcmLanes.SCHEDULE_LENGTH];
    private final byte[] keyStream = new byte[Aead.KEY_STREAM_LENGTH];
    private final byte[] stage = new byte[Aead.KEY_STREAM_LENGTH];
    private final long[] hash = new long[2];

    @Override
    public String name()
    {
        return "AES-128-GCM";
    }

    @Override
    public AesGcmLanes vector()
    {
        return new AesGcmVectors();
    }

    @Override
    public AesGcmLanes scalar()
    {
        return new AesGcmScalars();
    }

    @Override
    public void warmUp(final AesGcmLanes lanes)
    {
        lanes.expandKey(schedule);
        lanes.exclusiveOr(stage, 20, keyStream, 16, 1_200);
        lanes.keyStream(schedule, 1, 2, 1, keyStream, 2);
        lanes.keyStream(schedule, 1, 2, 1, keyStream, 76);
        lanes.hash(schedule, hash, stage, 3);
        lanes.hash(schedule, hash, stage, 77);
    }
}
