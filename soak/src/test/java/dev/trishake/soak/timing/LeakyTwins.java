// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.timing;

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

    static List<TimingSubject> all()
    {
        final List<TimingSubject> twins = new ArrayList<>();
        for (final TimingSubject honest : TimingSubjects.all())
        {
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
