package dev.llmlifecycle.api.classify;

import java.util.List;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

@NullMarked
final class ClassificationTest {

    private static final Classification UNSURE = classification(
            new LabelProbability("billing/refund", 0.40),
            new LabelProbability("billing/invoice/copy", 0.35),
            new LabelProbability("billing/invoice/error", 0.15),
            new LabelProbability("account", 0.07),
            new LabelProbability("billing", 0.03));

    @Test
    void sumsTheProbabilitiesOfAGroup() {
        assertThat(UNSURE.probability("billing")).isCloseTo(0.93, within(1e-12));
        assertThat(UNSURE.probability("billing/invoice")).isCloseTo(0.5, within(1e-12));
        assertThat(UNSURE.probability("account")).isEqualTo(0.07);
        assertThat(UNSURE.confidence()).isEqualTo(0.40);
    }

    @Test
    void fallsBackToTheGroupThatIsSureEnough() {
        assertThat(UNSURE.label(0.9)).contains("billing");
        assertThat(UNSURE.label(0.5)).contains("billing/invoice");
        assertThat(UNSURE.label(0.3)).contains("billing/invoice/copy");
        assertThat(UNSURE.label(0.95)).isEmpty();
    }

    @Test
    void takesLabelsOfStrangeCharacters() {
        Classification strange = classification(
                new LabelProbability("/", 0.5),
                new LabelProbability("a//b", 0.3),
                new LabelProbability("\ud83d\ude00/\u00e9", 0.2));
        assertThat(strange.label(0.5)).contains("/");
        assertThat(strange.probability("a/")).isEqualTo(0.3);
        assertThat(strange.probability("\ud83d\ude00")).isEqualTo(0.2);
    }

    @Test
    void refusesWhatIsNoRanking() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> classification(new LabelProbability("a", 0.4), new LabelProbability("b", 0.6)))
                .withMessage(
                        "a classification ranks 'b' behind 'a', which is less probable or the same; sort the labels");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> classification())
                .withMessage("a classification has no label at all; rank every label");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LabelProbability("a", Double.NaN))
                .withMessage("the probability of label 'a' must be in [0, 1] but was NaN; calibrate the score first");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LabelProbability(" ", 0.5))
                .withMessage("a label is blank; name it");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Classification(UNSURE.ranking(), List.of(), List.of(), 1.5, true))
                .withMessage("an out-of-distribution score must be in [0, 1] but was 1.5; scale it into that range");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Classification(UNSURE.ranking(), List.of("a"), List.of(), 0.5, true))
                .withMessage("a classification abstains and gives 1 labels; leave the labels out");
    }

    @Test
    void refusesLabelsThatAreNotThere() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UNSURE.probability("bill"))
                .withMessage("there is no label and no group of labels 'bill'; take one of TextClassifier.labels()");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UNSURE.label(0))
                .withMessage("the least probability of a label must be in (0, 1] but was 0.0; 0.8 is usual");
    }

    private static Classification classification(LabelProbability... ranking) {
        List<LabelProbability> all = List.of(ranking);
        List<String> first = all.stream().limit(1).map(LabelProbability::label).toList();
        return new Classification(all, first, first, 0, false);
    }
}
