// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.headline;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One question of the headline set, the contenders that answer it on the same inputs, and what counts as the answer.
 *
 * <p>Written as a chain of calls, then only read:
 * <pre>{@code
 * Family.of(RingHopBenchmark.class, "What does a message cost on its way through a ring?")
 *     .ours("trishake").oursUnchecked("trishake").peer("agrona")
 *     .param("length", "64")
 *     .goal(Goal.nanoseconds("trishake", 16))
 * }</pre>
 */
final class Family
{
    private final Class<?> benchmark;
    private final String question;
    private final List<Contender> contenders = new ArrayList<>();
    private final Map<String, List<String>> params = new LinkedHashMap<>();
    private final List<Goal> goals = new ArrayList<>();
    private String name;
    private Pace pace = Pace.SHORT;
    private boolean onServerThread;

    private Family(final Class<?> benchmark, final String question)
    {
        this.benchmark = benchmark;
        this.question = question;
        name = benchmark.getSimpleName().replaceFirst("Benchmark$", "");
    }

    /**
     * {@return a family without contenders, named after its class}
     *
     * @param benchmark the class whose methods are the contenders
     * @param question  one sentence
     */
    static Family of(final Class<?> benchmark, final String question)
    {
        return new Family(benchmark, question);
    }

    /**
     * {@return this family under another name, for classes that answer several questions}
     *
     * @param name unique in the set
     */
    Family named(final String name)
    {
        this.name = name;
        return this;
    }

    /**
     * {@return this family with a contender of ours; the first one is the family's subject}
     *
     * @param method of the benchmark class
     */
    Family ours(final String method)
    {
        contenders.add(new Contender(method, method, true, true));
        return this;
    }

    /**
     * {@return this family with one of our contenders once more, without bounds checks and labelled so}
     *
     * @param method of the benchmark class
     */
    Family oursUnchecked(final String method)
    {
        contenders.add(new Contender(method, method + ", unchecked", true, false));
        return this;
    }

    /**
     * {@return this family with a peer}
     *
     * @param method of the benchmark class
     */
    Family peer(final String method)
    {
        contenders.add(new Contender(method, method, false, true));
        return this;
    }

    /**
     * {@return this family with a parameter; every combination of values is measured}
     *
     * @param param  a {@code @Param} field of the benchmark class
     * @param values one or more
     */
    Family param(final String param, final String... values)
    {
        params.put(param, List.of(values));
        return this;
    }

    /**
     * {@return this family with a goal}
     *
     * @param goal shown in its contender's row
     */
    Family goal(final Goal goal)
    {
        goals.add(goal);
        return this;
    }

    /**
     * {@return this family at another pace than {@link Pace#SHORT}}
     *
     * @param pace of all its trials
     */
    Family pace(final Pace pace)
    {
        this.pace = pace;
        return this;
    }

    /**
     * {@return this family, whose time per operation is the CPU time of the server's thread and whose bytes are that
     * thread's, as {@link dev.trishake.bench.ServerThreadProfiler} measures them}
     */
    Family onServerThread()
    {
        onServerThread = true;
        return this;
    }

    Class<?> benchmark()
    {
        return benchmark;
    }

    String name()
    {
        return name;
    }

    String question()
    {
        return question;
    }

    List<Contender> contenders()
    {
        return Collections.unmodifiableList(contenders);
    }

    /** {@return the contenders whose time is divided by the others': ours with bounds checks} */
    List<Contender> subjects()
    {
        return contenders.stream().filter(contender -> contender.ours() && contender.checked()).toList();
    }

    Map<String, List<String>> params()
    {
        return Collections.unmodifiableMap(params);
    }

    Pace pace()
    {
        return pace;
    }

    boolean isOnServerThread()
    {
        return onServerThread;
    }

    List<Goal> goalsOf(final Contender contender)
    {
        return goals.stream().filter(goal -> goal.contender().equals(contender.label())).toList();
    }

    List<Goal> goals()
    {
        return Collections.unmodifiableList(goals);
    }

    /** {@return every combination of the parameters' values, in the order they were given; one empty one without} */
    List<Map<String, String>> combinations()
    {
        List<Map<String, String>> combinations = List.of(Map.of());
        for (final Map.Entry<String, List<String>> param : params.entrySet())
        {
            final List<Map<String, String>> longer = new ArrayList<>();
            for (final Map<String, String> combination : combinations)
            {
                for (final String value : param.getValue())
                {
                    final Map<String, String> next = new LinkedHashMap<>(combination);
                    next.put(param.getKey(), value);
                    longer.add(next);
                }
            }
            combinations = longer;
        }
        return combinations;
    }

    /** {@return what is run: contenders of one combination follow each other, so that a ratio compares neighbours} */
    List<Trial> trials()
    {
        return combinations().stream()
            .flatMap(params -> contenders.stream().map(contender -> new Trial(this, contender, params)))
            .toList();
    }
}
