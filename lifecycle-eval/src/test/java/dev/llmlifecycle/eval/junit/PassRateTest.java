package dev.llmlifecycle.eval.junit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.data.Dataset;
import dev.llmlifecycle.api.data.Example;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.opentest4j.AssertionFailedError;

import static dev.llmlifecycle.eval.junit.PromptAssertions.assertThatPassRate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@NullMarked
final class PassRateTest {

    @ParameterizedTest
    @CsvSource({"0.95, 0.95, 59", "0.9, 0.95, 29", "0.8, 0.95, 14", "0.5, 0.95, 5", "0.99, 0.95, 299", "0.9, 0.99, 44"})
    void knowsHowManyCasesItTakes(double rate, double confidence, int fewest) {
        PassRateRule rule = new PassRateRule(rate, confidence);

        assertThat(rule.fewestCases()).isEqualTo(fewest);
        assertThat(rule.needed(fewest)).isEqualTo(fewest);
        assertThat(rule.needed(fewest - 1)).isEqualTo(fewest);
    }

    /** The bound reaches the rate exactly where so many passes are rare under the rate: counted term by term. */
    @ParameterizedTest
    @CsvSource({"0.9, 0.95, 100", "0.8, 0.9, 57", "0.95, 0.99, 400", "0.6, 0.8, 33"})
    void needsAsManyPassesAsTheBinomialDistributionSays(double rate, double confidence, int count) {
        int needed = new PassRateRule(rate, confidence).needed(count);

        assertThat(tail(needed, count, rate)).isLessThanOrEqualTo(1 - confidence);
        assertThat(tail(needed - 1, count, rate)).isGreaterThan(1 - confidence);
    }

    @Test
    void anObservedRateIsCountedWithoutRounding() {
        assertThat(new PassRateRule(0.9, 0).needed(10)).isEqualTo(9);
        assertThat(new PassRateRule(0.7, 0).needed(10)).isEqualTo(7);
        assertThat(new PassRateRule(0.95, 0).needed(10)).isEqualTo(10);
        assertThat(new PassRateRule(1, 0).needed(3)).isEqualTo(3);
    }

    @ParameterizedTest
    @MethodSource("dev.llmlifecycle.api.Seeds#some")
    void whatStopsBecauseItIsSettledEndsAsTheWholeRunWould(SplittableRandom random) {
        int cases = 1 + random.nextInt(80);
        double skill = random.nextDouble();
        PassRateRule rule = new PassRateRule(0.3 + 0.6 * random.nextDouble(), random.nextBoolean() ? 0.8 : 0);
        Decision stopping = new RateDecision(rule, Stopping.SETTLED, cases);
        Decision whole = new RateDecision(rule, Stopping.NEVER, cases);
        for (int i = 0; i < cases; i++) {
            CaseStatus status = random.nextInt(10) == 0
                    ? CaseStatus.SKIPPED
                    : random.nextDouble() < skill ? CaseStatus.PASSED : CaseStatus.FAILED;
            whole.add(i, status);
            if (stopping.settled().isEmpty()) {
                stopping.add(i, status);
            }
        }

        assertThat(stopping.isReached()).isEqualTo(whole.isReached());
    }

    /**
     * At a rate that just misses, the chance of a wrong pass at any time is at most 0.1: here 200 runs of 150 cases.
     */
    @Test
    void anAnytimeValidRatePassesWronglyAsRarelyAsItPromises() {
        SplittableRandom random = new SplittableRandom(7);
        PassRateRule rule = new PassRateRule(0.8, 0.9);
        int wrong = 0;
        for (int run = 0; run < 200; run++) {
            Decision results = new RateDecision(rule, Stopping.ANYTIME_VALID, 150);
            for (int i = 0; i < 150 && results.settled().isEmpty(); i++) {
                CaseStatus status = random.nextDouble() < 0.8 ? CaseStatus.PASSED : CaseStatus.FAILED;
                results.add(i, status);
            }
            wrong += results.isReached() ? 1 : 0;
        }

        assertThat(wrong).isLessThanOrEqualTo(20);
    }

    @Test
    void anAnytimeValidRateTakesResultsInTheirOrderAndStopsEitherWay() {
        PassRateRule rule = new PassRateRule(0.5, 0.95);
        Decision passing = new RateDecision(rule, Stopping.ANYTIME_VALID, 100);
        for (int i = 99; i >= 1; i--) {
            passing.add(i, CaseStatus.PASSED);
        }
        assertThat(passing.settled()).isEmpty();
        passing.add(0, CaseStatus.PASSED);
        assertThat(passing.settled()).contains(true);

        Decision failing = new RateDecision(rule, Stopping.ANYTIME_VALID, 100);
        int run = 0;
        while (failing.settled().isEmpty()) {
            failing.add(run++, CaseStatus.FAILED);
        }
        assertThat(failing.settled()).contains(false);
        assertThat(run).isLessThan(20);
        assertThat(failing.isReached()).isFalse();
    }

    @Test
    void assertsARateAsObservedOrShown() {
        PassResults results = results("1111111111" + "1111111111" + "1111111110");

        assertThatPassRate(results).isAtLeast(0.96).withConfidence(0.95).isAtLeast(0.85);
        assertThatExceptionOfType(AssertionFailedError.class)
                .isThrownBy(
                        () -> assertThatPassRate(results).withConfidence(0.95).isAtLeast(0.9))
                .withMessage("expected a pass rate of at least 90.0 % with 95.0 % confidence; 29 of 30 passed (96.7 %),"
                        + " which shows at least 85.1 %\n  failed  q29");
        assertThatExceptionOfType(AssertionFailedError.class)
                .isThrownBy(() ->
                        assertThatPassRate(results("111")).withConfidence(0.95).isAtLeast(0.9))
                .withMessageContaining("it takes 29 cases to show it, if all pass");
        assertThatExceptionOfType(AssertionFailedError.class)
                .isThrownBy(() -> assertThatPassRate(results).isAtLeast(0.97))
                .withMessage("expected a pass rate of at least 97.0 %; 29 of 30 passed (96.7 %)\n  failed  q29");
    }

    @Test
    void comparesWithABaselineByPairs() {
        String before = "1".repeat(180) + "0".repeat(20);
        PassResults baseline = results(before);
        assertThatPassRate(results(before)).isNotWorseThan(baseline, 0.05);
        assertThatPassRate(results("0" + before.substring(1))).isNotWorseThan(baseline, 0.05);

        assertThatExceptionOfType(AssertionFailedError.class)
                .isThrownBy(() -> assertThatPassRate(results("0".repeat(12) + before.substring(12)))
                        .withConfidence(0.9)
                        .isNotWorseThan(baseline, 0.05))
                .withMessageContaining("of 200 pairs 0 were gained and 12 lost, which leaves a loss of ")
                .withMessageContaining("\n  lost    q0 q1 q2 q3 q4 q5 q6 q7 q8 q9 and 2 more\n  gained  none");
        assertThatExceptionOfType(AssertionFailedError.class)
                .isThrownBy(() -> assertThatPassRate(results("11")).isNotWorseThan(results("11"), 0.05))
                .withMessageContaining("; even without a change so few pairs leave 58.2 points possible: add examples");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> assertThatPassRate(results("11")).isNotWorseThan(results("111"), 0.05))
                .withMessage("a pass rate can be compared only over the same examples, but 0 have no result in the"
                        + " baseline (none) and 1 have one there only (q2); run both on one dataset");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> assertThatPassRate(results("11")).isNotWorseThan(results("11"), 0));
    }

    @Test
    void runsAndKeepsResults(@TempDir Path folder) throws IOException {
        Dataset dataset = Dataset.builder("d")
                .add(Example.builder("a", "1").build())
                .add(Example.builder("b", "2").build())
                .build();
        PassResults results =
                PassResults.of(dataset, example -> assertThat(example.input()).isEqualTo("1"));
        assertThat(results.byExample()).containsExactly(Map.entry("a", true), Map.entry("b", false));
        assertThatIllegalStateException()
                .isThrownBy(() -> PassResults.of(dataset, example -> {
                    throw new IllegalStateException("broken");
                }));
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> PassResults.of(dataset, example -> {
                    throw new AssertionError("not paid for", new BudgetExhaustedException("no"));
                }));

        Path file = folder.resolve("results.jsonl");
        results.writeJsonLines(file);
        assertThat(PassResults.readJsonLines(file)).isEqualTo(results);
        Files.writeString(file, "{\"id\": \"a\", \"status\": \"passed\"}\n{\"id\": \"a\", \"status\": \"failed\"}\n");
        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> PassResults.readJsonLines(file))
                .withMessageContaining("line 2: the example 'a' has a result already");
        Files.writeString(file, "{\"id\": \"a\", \"status\": \"broken\"}\n");
        assertThatExceptionOfType(LifecycleException.class).isThrownBy(() -> PassResults.readJsonLines(file));
        assertThatIllegalArgumentException().isThrownBy(() -> new PassResults(Map.of()));
    }

    @Test
    void refusesRatesAndConfidencesThatAreNone() {
        for (double rate : List.of(0.0, 1.1, Double.NaN)) {
            assertThatIllegalArgumentException().isThrownBy(() -> new PassRateRule(rate, 0));
        }
        for (double confidence : List.of(0.5, 1.0, 95.0, Double.NaN)) {
            assertThatIllegalArgumentException().isThrownBy(() -> new PassRateRule(0.9, confidence));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PassRateRule(1, 0.95))
                .withMessageContaining("no sample shows a pass rate of 1");
        assertThat(new PassRateRule(0.9, 0).isReached(0, 0)).isFalse();
    }

    private static double tail(int passes, int count, double rate) {
        double sum = 0;
        double logTerm = count * Math.log(1 - rate);
        for (int k = 0; k <= count; k++) {
            if (k > 0) {
                logTerm += Math.log((count - k + 1.0) / k) + Math.log(rate / (1 - rate));
            }
            sum += k >= passes ? Math.exp(logTerm) : 0;
        }
        return sum;
    }

    private static PassResults results(String bits) {
        Map<String, Boolean> results = new LinkedHashMap<>();
        for (int i = 0; i < bits.length(); i++) {
            results.put("q" + i, bits.charAt(i) == '1');
        }
        return new PassResults(results);
    }
}
