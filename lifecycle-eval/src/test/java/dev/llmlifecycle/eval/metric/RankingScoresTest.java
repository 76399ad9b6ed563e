package dev.llmlifecycle.eval.metric;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

import dev.llmlifecycle.api.ReferenceData;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

@NullMarked
final class RankingScoresTest {

    private static final RankingScores SMALL =
            RankingScores.of(List.of("x", "a", "y", "b", "n"), Map.of("a", 3, "b", 1, "c", 2, "n", 0, "y", 0));

    private record Retrieved(String id, double score) {}

    /** trec_eval breaks ties by descending id. */
    private static final Comparator<Retrieved> TREC_ORDER = Comparator.comparingDouble(Retrieved::score)
            .thenComparing(Retrieved::id)
            .reversed();

    @ParameterizedTest
    @CsvSource({"results.test, out.test.aq", "results.trunc, out.test.aqc"})
    void agreesWithTrecEvalToThePrintedDigit(String results, String expected) {
        Map<String, RankingScores> scores = scores(ReferenceData.lines("trec_eval/" + results));
        int checked = 0;
        for (String line : ReferenceData.lines("trec_eval/" + expected)) {
            String[] columns = line.split("\\s+", -1);
            ToDoubleFunction<RankingScores> measure = measure(columns[0]);
            if (measure == null) {
                continue;
            }
            double value = columns[1].equals("all")
                    ? scores.values().stream().mapToDouble(measure).average().orElseThrow()
                    : measure.applyAsDouble(scores.getOrDefault(columns[1], SMALL));
            assertThat(String.format(Locale.ROOT, "%.4f", value)).as(line).isEqualTo(columns[2]);
            checked++;
        }
        assertThat(checked).isGreaterThan(150);
    }

    private static Map<String, RankingScores> scores(List<String> results) {
        Map<String, Map<String, Integer>> judgements = new TreeMap<>();
        for (String line : ReferenceData.lines("trec_eval/qrels.test")) {
            String[] columns = line.split("\\s+", -1);
            judgements
                    .computeIfAbsent(columns[0], topic -> new TreeMap<>())
                    .put(columns[2], Integer.parseInt(columns[3]));
        }
        Map<String, List<Retrieved>> retrieved = new TreeMap<>();
        for (String line : results) {
            String[] columns = line.split("\\s+", -1);
            retrieved
                    .computeIfAbsent(columns[0], topic -> new ArrayList<>())
                    .add(new Retrieved(columns[2], Double.parseDouble(columns[4])));
        }
        Map<String, RankingScores> scores = new TreeMap<>();
        judgements.forEach((topic, relevance) -> scores.put(
                topic,
                RankingScores.of(
                        retrieved.getOrDefault(topic, List.of()).stream()
                                .sorted(TREC_ORDER)
                                .map(Retrieved::id)
                                .toList(),
                        relevance)));
        return scores;
    }

    private static @Nullable ToDoubleFunction<RankingScores> measure(String name) {
        int end = name.lastIndexOf('_');
        int k = name.matches(".*_\\d+") ? Integer.parseInt(name.substring(end + 1)) : 0;
        return switch (k == 0 ? name : name.substring(0, end)) {
            case "map" -> RankingScores::averagePrecision;
            case "map_cut" -> scores -> scores.averagePrecisionAt(k);
            case "Rprec" -> RankingScores::rPrecision;
            case "bpref" -> RankingScores::bpref;
            case "recip_rank" -> RankingScores::reciprocalRank;
            case "P" -> scores -> scores.precisionAt(k);
            case "recall" -> scores -> scores.recallAt(k);
            case "success" -> scores -> scores.successAt(k);
            case "ndcg" -> RankingScores::ndcg;
            case "ndcg_cut" -> scores -> scores.ndcgAt(k);
            default -> null;
        };
    }

    @Test
    void countsByHand() {
        assertThat(SMALL.precisionAt(2)).isEqualTo(0.5);
        assertThat(SMALL.precisionAt(10)).isEqualTo(0.2);
        assertThat(SMALL.recallAt(2)).isCloseTo(1 / 3.0, within(1e-15));
        assertThat(SMALL.reciprocalRank()).isEqualTo(0.5);
        assertThat(SMALL.averagePrecision()).isCloseTo((0.5 + 0.5) / 3, within(1e-15));
        assertThat(SMALL.averagePrecisionAt(3)).isCloseTo(0.5 / 3, within(1e-15));
        assertThat(SMALL.rPrecision()).isCloseTo(1 / 3.0, within(1e-15));
        assertThat(SMALL.successAt(1)).isZero();
        assertThat(SMALL.successAt(2)).isEqualTo(1);
    }

    @Test
    void gradesAreGains() {
        double log3 = Math.log(3) / Math.log(2);
        double ideal = 3 + 2 / log3 + 0.5;
        assertThat(SMALL.ndcg()).isCloseTo((3 / log3 + 1 / (Math.log(5) / Math.log(2))) / ideal, within(1e-15));
        assertThat(SMALL.ndcgAt(2)).isCloseTo(3 / log3 / (3 + 2 / log3), within(1e-15));
    }

    @Test
    void binaryPreferenceSkipsWhatNobodyJudged() {
        // a has none judged above; b has y above, of two.
        assertThat(SMALL.bpref()).isCloseTo((1 + 0.5) / 3, within(1e-15));
    }

    @Test
    void nothingRelevantOrNothingRankedIsZero() {
        for (RankingScores none :
                List.of(RankingScores.of(List.of("a"), Map.of("b", 0)), RankingScores.of(List.of(), Map.of("a", 1)))) {
            assertThat(none.averagePrecision()).isZero();
            assertThat(none.ndcg()).isZero();
            assertThat(none.ndcgAt(3)).isZero();
            assertThat(none.bpref()).isZero();
            assertThat(none.rPrecision()).isZero();
            assertThat(none.recallAt(5)).isZero();
            assertThat(none.reciprocalRank()).isZero();
        }
    }

    @Test
    void wrongInputSaysWhatIsWrong() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RankingScores.of(List.of("a", "a"), Map.of()))
                .withMessage(
                        "the ranking has 'a' twice; keep the better place, or score documents instead of passages");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RankingScores.of(List.of("a"), Map.of("a", -1)))
                .withMessage("the relevance of 'a' must be at least 0 but was -1; leave out what was not judged");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SMALL.precisionAt(0))
                .withMessage("the cut of a ranking must be at least 1 but was 0");
    }
}
