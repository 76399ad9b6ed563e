package dev.llmlifecycle.eval.metric;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** Scores of texts against their definitions, computed without the counting and the tables of the library. */
@NullMarked
final class TextScoresPropertyTest {

    @ParameterizedTest
    @MethodSource("dev.llmlifecycle.api.Seeds#some")
    void agreeWithTheirDefinitions(SplittableRandom random) {
        List<String> wanted = words(random);
        List<String> given = words(random);
        String expected = String.join(" ", wanted);
        String actual = String.join(" ", given);

        assertThat(TextScores.rouge1(expected, actual)).isCloseTo(rouge(wanted, given, 1), within(1e-12));
        assertThat(TextScores.rouge2(expected, actual)).isCloseTo(rouge(wanted, given, 2), within(1e-12));
        double common = longest(wanted, given);
        double precision = common / given.size();
        double recall = common / wanted.size();
        assertThat(TextScores.rougeL(expected, actual))
                .isCloseTo(common == 0 ? 0 : 2 * precision * recall / (precision + recall), within(1e-12));
        assertThat(TextScores.chrF(expected, actual)).isCloseTo(chrF(expected, actual), within(1e-12));
        assertThat(TextScores.levenshteinDistance(expected, actual)).isEqualTo(distance(expected, actual));
        assertThat(Bleu.sentence(given, List.of(wanted))).isCloseTo(bleu(wanted, given), within(1e-12));
    }

    private static List<String> words(SplittableRandom random) {
        return IntStream.range(0, 1 + random.nextInt(7))
                .mapToObj(i -> List.of("a", "ba", "abc", "c").get(random.nextInt(4)))
                .toList();
    }

    private static double rouge(List<String> wanted, List<String> given, int n) {
        List<String> ofWanted = runs(wanted, n);
        List<String> ofGiven = runs(given, n);
        double common = common(ofWanted, ofGiven);
        if (common == 0) {
            return 0;
        }
        double precision = common / ofGiven.size();
        double recall = common / ofWanted.size();
        return 2 * precision * recall / (precision + recall);
    }

    /** Means of precision and recall over the orders that both have, then F with recall weighted twice. */
    private static double chrF(String expected, String actual) {
        double precision = 0;
        double recall = 0;
        int orders = 0;
        for (int n = 1; n <= 6; n++) {
            List<String> ofWanted = runs(characters(expected), n);
            List<String> ofGiven = runs(characters(actual), n);
            if (!ofWanted.isEmpty() && !ofGiven.isEmpty()) {
                precision += common(ofWanted, ofGiven) / (double) ofGiven.size();
                recall += common(ofWanted, ofGiven) / (double) ofWanted.size();
                orders++;
            }
        }
        precision /= orders;
        recall /= orders;
        return precision + recall == 0 ? 0 : 5 * precision * recall / (4 * precision + recall);
    }

    private static double bleu(List<String> wanted, List<String> given) {
        double product = 1;
        for (int n = 1; n <= 4; n++) {
            int smoothing = n == 1 ? 0 : 1;
            int all = runs(given, n).size() + smoothing;
            product *= (common(runs(wanted, n), runs(given, n)) + smoothing) / (double) all;
        }
        double brevity = given.size() >= wanted.size() ? 1 : Math.exp(1 - wanted.size() / (double) given.size());
        return brevity * Math.pow(product, 0.25);
    }

    private static List<String> characters(String text) {
        return text.chars().filter(c -> c != ' ').mapToObj(Character::toString).collect(Collectors.toList());
    }

    private static List<String> runs(List<String> parts, int n) {
        return IntStream.rangeClosed(0, parts.size() - n)
                .mapToObj(i -> String.join(" ", parts.subList(i, i + n)))
                .toList();
    }

    private static int common(List<String> first, List<String> second) {
        List<String> left = new ArrayList<>(second);
        return (int) first.stream().filter(left::remove).count();
    }

    /** The longest of all subsequences of the first that is one of the second. */
    private static int longest(List<String> first, List<String> second) {
        int best = 0;
        for (int chosen = 0; chosen < 1 << first.size(); chosen++) {
            int mask = chosen;
            List<String> subsequence = IntStream.range(0, first.size())
                    .filter(i -> (mask >> i & 1) == 1)
                    .mapToObj(first::get)
                    .toList();
            int found = 0;
            for (String word : second) {
                found += found < subsequence.size() && subsequence.get(found).equals(word) ? 1 : 0;
            }
            best = found == subsequence.size() ? Math.max(best, found) : best;
        }
        return best;
    }

    /** Wagner and Fischer's whole table. */
    private static int distance(String first, String second) {
        int[][] table = new int[first.length() + 1][second.length() + 1];
        for (int i = 0; i <= first.length(); i++) {
            for (int j = 0; j <= second.length(); j++) {
                if (i == 0 || j == 0) {
                    table[i][j] = i + j;
                } else {
                    int replace = table[i - 1][j - 1] + (first.charAt(i - 1) == second.charAt(j - 1) ? 0 : 1);
                    table[i][j] = Math.min(replace, 1 + Math.min(table[i - 1][j], table[i][j - 1]));
                }
            }
        }
        return table[first.length()][second.length()];
    }
}
