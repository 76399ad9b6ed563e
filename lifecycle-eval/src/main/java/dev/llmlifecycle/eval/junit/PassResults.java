package dev.llmlifecycle.eval.junit;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.data.Dataset;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.core.internal.DurableFiles;
import dev.llmlifecycle.core.internal.JsonObject;
import dev.llmlifecycle.core.internal.LineReader;

/**
 * Which examples of a dataset passed: what a pass rate is computed from, and what a later run is compared with.
 *
 * <p>Immutable.
 *
 * @param byExample whether it passed, by the id of the example, in the order of the run; not empty
 * @since 0.1
 */
public record PassResults(Map<String, Boolean> byExample) {

    private static final int LONGEST_LINE = 16 << 20;

    /** Checks and copies. */
    public PassResults {
        if (byExample.isEmpty()) {
            throw new IllegalArgumentException("the results of a pass rate are empty; run at least one example");
        }
        byExample = Collections.unmodifiableMap(new LinkedHashMap<>(byExample));
    }

    /**
     * Runs a check on each example, in order and on the calling thread. One that throws an {@link AssertionError} has
     * not passed, unless its request was not recorded; anything else that is thrown ends the run.
     *
     * @param dataset the examples
     * @param check asserts that the answer to an example is right
     * @return which passed
     */
    public static PassResults of(Dataset dataset, Consumer<Example> check) {
        Map<String, Boolean> results = new LinkedHashMap<>();
        for (Example example : dataset.examples()) {
            results.put(example.id(), passes(example, check));
        }
        return new PassResults(results);
    }

    /**
     * Reads results, as the report of a {@link PromptTest} and {@link #writeJsonLines} write them. Cases that were
     * skipped or broken are passed over.
     *
     * @param file the file, a line for each example with {@code id} and {@code status}
     * @return the results
     * @throws DamagedDataException when a line is no result, or of an example that has one; it names the line
     * @throws LifecycleException when the file cannot be read or has no result
     */
    public static PassResults readJsonLines(Path file) {
        Map<String, Boolean> results = new LinkedHashMap<>();
        try (LineReader lines = LineReader.open(file, LONGEST_LINE)) {
            while (lines.next()) {
                try {
                    JsonObject line = JsonObject.parse(lines.text());
                    String id = line.text("id");
                    String status = line.text("status");
                    boolean passed = status.equals("passed");
                    if ((passed || status.equals("failed")) && results.put(id, passed) != null) {
                        throw new IllegalArgumentException("the example '" + id + "' has a result already");
                    }
                } catch (IllegalArgumentException e) {
                    throw new DamagedDataException(
                            file.toString(),
                            "line " + lines.number(),
                            String.valueOf(e.getMessage()),
                            "correct it, or run the tests again",
                            e);
                }
            }
        }
        if (results.isEmpty()) {
            throw new LifecycleException(
                    "Reading the results " + file + ": there is none in it; run the tests that write them");
        }
        return new PassResults(results);
    }

    /**
     * Writes the results, replacing the file if there is one.
     *
     * @param file the file; its directory is created when it is missing
     * @throws LifecycleException when it cannot be written; an old file is then untouched
     */
    public void writeJsonLines(Path file) {
        StringBuilder text = new StringBuilder();
        byExample.forEach((id, passed) -> {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("id", id);
            line.put("status", passed ? "passed" : "failed");
            text.append(JsonObject.line(line)).append('\n');
        });
        DurableFiles.write(file, text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Returns how many examples passed.
     *
     * @return at most {@link #count()}
     */
    public int passed() {
        return (int) byExample.values().stream().filter(passed -> passed).count();
    }

    /**
     * Returns how many examples there are.
     *
     * @return at least 1
     */
    public int count() {
        return byExample.size();
    }

    /** Checks that there is a pair of results for each example. */
    static void requireSameExamples(Collection<String> now, Collection<String> before) {
        Set<String> nowIds = new HashSet<>(now);
        List<String> here = now.stream().filter(id -> !before.contains(id)).toList();
        List<String> there = before.stream().filter(id -> !nowIds.contains(id)).toList();
        if (!here.isEmpty() || !there.isEmpty()) {
            throw new IllegalArgumentException("a pass rate can be compared only over the same examples, but "
                    + here.size() + " have no result in the baseline (" + BaselineRule.named(here) + ") and "
                    + there.size() + " have one there only (" + BaselineRule.named(there)
                    + "); run both on one dataset");
        }
    }

    private static boolean passes(Example example, Consumer<Example> check) {
        try {
            check.accept(example);
            return true;
        } catch (AssertionError e) {
            if (Brokenness.isBehind(e)) {
                throw e;
            }
            return false;
        }
    }
}
