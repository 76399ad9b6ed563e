package dev.llmlifecycle.eval.metric;

import java.util.List;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

@NullMarked
final class TextScoresTest {

    @Test
    void tokenF1CountsTokensWithTheirMultiplicity() {
        assertThat(TextScores.tokenF1("The cat sat", "a cat sat sat")).isCloseTo(2 * 2 / 5.0, within(1e-15));
        assertThat(TextScores.tokenF1("five days", "Five days!")).isEqualTo(1);
        assertThat(TextScores.tokenF1("five", "six")).isZero();
        assertThat(TextScores.tokenF1("the", "...")).isEqualTo(1);
        assertThat(TextScores.tokenF1("the", "cat")).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        // the examples of Lin 2004, section 3.1
        "police kill the gunman, 0.75, 0.3333333333333333, 0.75",
        "the gunman kill police, 0.75, 0.3333333333333333, 0.5",
    })
    void rouge(String text, double one, double two, double longest) {
        String reference = "Police killed the gunman.";
        assertThat(TextScores.rouge1(reference, text)).isCloseTo(one, within(1e-15));
        assertThat(TextScores.rouge2(reference, text)).isCloseTo(two, within(1e-15));
        assertThat(TextScores.rougeL(reference, text)).isCloseTo(longest, within(1e-15));
    }

    @Test
    void rougeOfNothingIsZero() {
        assertThat(TextScores.rouge1("", "word")).isZero();
        assertThat(TextScores.rouge2("word", "word")).isZero();
        assertThat(TextScores.rougeL("", "")).isZero();
    }

    @Test
    void chrF() {
        assertThat(TextScores.chrF("The cat sat on the mat", "The cat sat down"))
                .isCloseTo(0.48676681786912246, within(1e-14));
        assertThat(TextScores.chrF("abd", "abc")).isCloseTo(0.38888888888888884, within(1e-14));
        assertThat(TextScores.chrF("same text", "same text")).isCloseTo(1, within(1e-15));
        assertThat(TextScores.chrF("abc", "xyz")).isZero();
        assertThat(TextScores.chrF("", " ")).isEqualTo(1);
        assertThat(TextScores.chrF("", "a")).isZero();
    }

    @ParameterizedTest
    @CsvSource({"kitten, sitting, 3", "'', abc, 3", "abc, '', 3", "flaw, lawn, 2", "abc, abc, 0", "😀a, 😁a, 1"})
    void levenshteinDistance(String first, String second, int distance) {
        assertThat(TextScores.levenshteinDistance(first, second)).isEqualTo(distance);
        assertThat(TextScores.levenshteinDistance(second, first)).isEqualTo(distance);
    }

    @Test
    void levenshteinSimilarity() {
        assertThat(TextScores.levenshtein("kitten", "sitting")).isCloseTo(4 / 7.0, within(1e-15));
        assertThat(TextScores.levenshtein("", "")).isEqualTo(1);
        assertThat(TextScores.levenshtein("😀", "😁")).isZero();
    }

    @Nested
    final class OfBleu {

        private final List<String> guide = words(
                "it is a guide to action which ensures that the military always obeys" + " the commands of the party");
        private final List<List<String>> guides = List.of(
                words("it is a guide to action that ensures that the military will forever heed party commands"),
                words("it is the guiding principle which guarantees the military forces always being under the command"
                        + " of the party"),
                words("it is the practical guide for the army always to heed the directions of the party"));
        private final List<String> book = words("he read the book because he was interested in world history");
        private final List<List<String>> books =
                List.of(words("he was interested in world history because he read the book"));

        @Test
        void aCorpus() {
            assertThat(Bleu.corpus(List.of(guide, book), List.of(guides, books)))
                    .isCloseTo(0.5920778868801042, within(1e-14));
            assertThat(Bleu.corpus(List.of(guide), List.of(guides))).isCloseTo(0.5045666840058485, within(1e-14));
        }

        @Test
        void agreesWithTheExampleOfSacreBleu() {
            // BLEU = 48.53 82.4/50.0/45.5/37.5 (BP = 0.943 ratio = 0.944 hyp_len = 17 ref_len = 18), from its readme
            double score = Bleu.corpus(
                    List.of(
                            words("The dog bit the man ."),
                            words("It wasn't surprising ."),
                            words("The man had just bitten him .")),
                    List.of(
                            List.of(words("The dog bit the man ."), words("The dog had bit the man .")),
                            List.of(words("It was not unexpected ."), words("No one was surprised .")),
                            List.of(words("The man bit him first ."), words("The man had bitten the dog ."))));
            assertThat(score).isCloseTo(0.4853, within(5e-5));
            assertThat(score)
                    .isCloseTo(
                            Math.exp(1 - 18 / 17.0) * Math.pow(14 / 17.0 * 7 / 14 * 5 / 11 * 3 / 8, 0.25),
                            within(1e-14));
        }

        @Test
        void aSentenceIsSmoothed() {
            List<List<String>> reference = List.of(words("the cat sat on the mat"));
            assertThat(Bleu.sentence(words("the cat sat down"), reference)).isCloseTo(0.399119619653364, within(1e-14));
            assertThat(Bleu.corpus(List.of(words("the cat sat down")), List.of(reference)))
                    .isZero();
            assertThat(Bleu.sentence(List.of(), reference)).isZero();
            assertThat(Bleu.sentence(reference.get(0), reference)).isCloseTo(1, within(1e-15));
        }

        @Test
        void repeatingAWordOfTheReferenceDoesNotPay() {
            assertThat(Bleu.sentence(words("the the the the the the the"), List.of(words("the cat is on the mat"))))
                    .isLessThan(0.2);
        }

        @Test
        void needsReferences() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Bleu.corpus(List.of(book), List.of()))
                    .withMessage("BLEU needs texts and references for each but got 1 texts and 0 sets of references; "
                            + "match them row by row");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Bleu.sentence(book, List.of()))
                    .withMessageContaining("one has none");
        }

        private static List<String> words(String text) {
            return List.of(text.split(" ", -1));
        }
    }
}
