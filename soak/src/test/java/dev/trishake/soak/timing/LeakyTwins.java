// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.timing;

import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.sm.Sm3;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.ArrayList;
import java.util.List;

/**
 * Every subject once more with a planted leak: where the first octet of the secret is not 0, all is done twice.
 */
final class LeakyTwins
{
    private LeakyTwins()
    {
    }

    /**
     * A server that hashes what the padding leaves of a record, as who knows no better does: after 192 octets of
     * padding three blocks fewer than after one ("Lucky Thirteen", 2013).
     */
    static TimingSubject luckyThirteen()
    {
        final TimingSubject honest = new TlcpSubject(Kernels.scalar(), TlcpSubject.Way.PADDING_LENGTH);
        final Sm3 sm3 = new Sm3();
        final UnsafeBuffer secret = new UnsafeBuffer(new byte[1]);
        final UnsafeBuffer state = new UnsafeBuffer(new byte[Sm3.STATE_LENGTH]);
        final UnsafeBuffer record = new UnsafeBuffer(new byte[4 * Sm3.BLOCK_LENGTH]);
        return new TimingSubject()
        {
            @Override
            public String name()
            {
                return honest.name() + "/naive";
            }

            @Override
            public int secretLength()
            {
                return honest.secretLength();
            }

            @Override
            public void load(final byte[] octets)
            {
                secret.putBytes(0, octets);
                honest.load(octets);
            }

            @Override
            public void run()
            {
                honest.run();
                sm3.init(state, 0);
                sm3.update(state, 0, record, 0, (secret.getByte(0) == 0 ? 4 : 1) * Sm3.BLOCK_LENGTH);
            }
        };
    }

    static List<TimingSubject> all()
    {
        final List<TimingSubject> twins = new ArrayList<>();
        for (final TimingSubject honest : TimingSubjects.all())
        {
            if (honest instanceof TlcpSubject && honest.name().endsWith("/vector"))
            {
                continue; // the same core over kernels whose twins are here, and slow before it is compiled
            }
            final UnsafeBuffer secret = new UnsafeBuffer(new byte[honest.secretLength()]);
            twins.add(new TimingSubject()
            {
                @Override
                public String name()
                {
                    return honest.name() + "/leaky";
                }

                @Override
                public int secretLength()
                {
                    return honest.secretLength();
                }

                @Override
                public void load(final byte[] octets)
                {
                    secret.putBytes(0, octets);
                    honest.load(octets);
                }

                @Override
                public void run()
                {
                    honest.run();
                    if (secret.getByte(0) != 0)
                    {
                        honest.run();
                    }
                }
            });
        }
        return twins;
    }
}
