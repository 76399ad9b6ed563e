package dev.llmlifecycle.core.reasoning;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
final class AnswerExtractorTest {

    private final AnswerExtractor extractor = AnswerExtractor.standard();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Two and two.\n#### 4",
                "Two and two.\nAnswer: 4",
                "Two and two.\n**Final answer:** 4.",
                "Two and two.\nA: 4",
                "Two and two. So the answer is 4.",
                "Two and two. The answer is: **4**",
                "Two and two. \\boxed{4}",
                "<think>Answer: 5</think>\nTwo and two.\nAnswer:\n4\n",
                "The answer is 3? No.\nTwo and two.\nAnswer: 4"
            })
    @DisplayName("the answer stands behind the last marker")
    void findsTheAnswer(String text) {
        ExtractedAnswer extracted = extractor.extract(text);

        assertThat(extracted.answer()).isEqualTo("4");
        assertThat(extracted.thoughts()).contains("Two and two.");
        assertThat(extracted.marked()).isTrue();
    }

    @Test
    void anAnswerOfSeveralLinesIsKeptWhole() {
        assertThat(extractor.extract("Hm.\nAnswer: one\ntwo").answer()).isEqualTo("one\ntwo");
    }

    @Test
    void withoutAMarkerTheWholeTextIsTheAnswer() {
        assertThat(extractor.extract(" It is four. ")).isEqualTo(new ExtractedAnswer("It is four.", "", false));
        assertThat(extractor.extract("<think>Hm.</think>It is four."))
                .isEqualTo(new ExtractedAnswer("It is four.", "<think>Hm.</think>", false));
        assertThat(extractor.extract("Hm.\nAnswer:").marked()).isFalse();
    }

    @Test
    void aMarkerOfTheHost() {
        AnswerExtractor german = AnswerExtractor.marker("Antwort:");

        assertThat(german.extract("Zwei und zwei.\nantwort: vier").answer()).isEqualTo("vier");
        assertThat(german.identity()).isNotEqualTo(extractor.identity());
        assertThatIllegalArgumentException().isThrownBy(() -> AnswerExtractor.marker(" "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"$18.00|18 eggs", "1,000|1000", "(B)|b", "Yes.|yes", "**New  York**|new york", "−5|-5"})
    void answersThatSayTheSameHaveOneKey(String one, String other) {
        assertThat(extractor.key(one)).isEqualTo(extractor.key(other));
    }

    @Test
    void otherAnswersHaveOtherKeys() {
        assertThat(extractor.key("5 of 10")).isNotEqualTo(extractor.key("5"));
        assertThat(extractor.key("yes")).isNotEqualTo(extractor.key("no"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "Answer:", "####", "\\boxed{", "</think>", "9", "*", "the answer is ", " "})
    void aMegabyteHasAnAnswer(String piece) {
        String text = piece.repeat(1_000_000 / piece.length());
        assertThat(extractor.key(extractor.extract(text).answer())).isNotNull();
    }
}
