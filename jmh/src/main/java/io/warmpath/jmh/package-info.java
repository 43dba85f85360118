/**
 * What the hot path costs: one class for each question. Start at {@link io.warmpath.jmh.MatchBenchmark}.
 *
 * <p>{@code java -jar jmh/target/benchmarks.jar -prof gc NAME} runs those whose name has NAME in it;
 * {@link io.warmpath.jmh.Measure} runs all of them, keeps the results and writes the tables of {@code
 * docs/performance.md}. On JDK 24 and later, {@code --sun-misc-unsafe-memory-access=allow} before
 * {@code -jar} keeps the JVMs from warning; the JVMs that are forked take it over.
 */
@NullMarked
package io.warmpath.jmh;

import org.jspecify.annotations.NullMarked;
