package dev.llmlifecycle.core.validation.content;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.api.retrieval.Passage;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
class GroundednessModelTest {

    private static final String TEXT = "The museum opens at nine in the morning and closes at six in the evening.";

    @Test
    void aCopyIsLikelierThanAParaphraseAndThatThanAnotherText() {
        double copy = probability("The museum opens at nine in the morning.");
        double paraphrase = probability("You can visit the museum from nine in the morning.");
        double other = probability("I love pizza with cheese and olives.");

        assertThat(copy).isGreaterThan(paraphrase).isGreaterThan(0.9);
        assertThat(paraphrase).isGreaterThan(other);
        assertThat(other).isLessThan(0.1);
        assertThat(probability("...")).isEqualTo(1);
    }

    @Test
    void derivedWordsStandForEachOther() {
        assertThat(probability("The openings and closings of the museum."))
                .isGreaterThan(probability("The paintings and drawings of the museum."));
    }

    @Test
    @DisplayName("training finds what tells its rows apart, whatever their order, and its weights make it again")
    void trainsAndIsMadeAgain() {
        List<LabelledAnswer> rows = rows(40);
        GroundednessModel model = GroundednessModel.train(rows);
        Collections.shuffle(rows, new Random(7));
        GroundednessModel shuffled = GroundednessModel.train(rows);

        assertThat(model.probability("The museum opens at nine.", passages())).isGreaterThan(0.8);
        assertThat(model.probability("Pizza is hot.", passages())).isLessThan(0.2);
        model.weights()
                .forEach((name, weight) ->
                        assertThat(shuffled.weights().get(name)).isCloseTo(weight, Offset.offset(1e-6)));
        assertThat(GroundednessModel.of(model.weights()).weights()).isEqualTo(model.weights());
    }

    @Test
    void tooFewRowsAreRefused() {
        List<LabelledAnswer> rows = rows(19);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> GroundednessModel.train(rows))
                .withMessage("fitting a groundedness model takes at least 20 answers that are supported and 20 that are"
                        + " not but got 19 and 19; label more, or use the shipped model");
    }

    @Test
    void weightsThatAreNoneAreRefused() {
        Map<String, Double> missing = new TreeMap<>(GroundednessModel.shipped().weights());
        missing.remove("speaker");
        Map<String, Double> unknown = new TreeMap<>(GroundednessModel.shipped().weights());
        unknown.put("colour", 1.0);
        Map<String, Double> infinite = new TreeMap<>(GroundednessModel.shipped().weights());
        infinite.put("speaker", Double.NaN);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> GroundednessModel.of(missing))
                .withMessageContaining(
                        "the weight 'speaker' of a groundedness model must be a finite number but was null");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GroundednessModel.of(unknown))
                .withMessageContaining("has no weights [colour]");
        assertThatIllegalArgumentException().isThrownBy(() -> GroundednessModel.of(infinite));
    }

    @Test
    void aLabelledAnswerSaysSomethingOfSomething() {
        assertThatIllegalArgumentException().isThrownBy(() -> new LabelledAnswer(" ", List.of(TEXT), true));
        assertThatIllegalArgumentException().isThrownBy(() -> new LabelledAnswer("Yes.", List.of(), true));
    }

    private static List<LabelledAnswer> rows(int ofEach) {
        List<LabelledAnswer> rows = new ArrayList<>();
        String[] times = {"one", "two", "three", "four", "five", "six", "seven"};
        for (int i = 0; i < ofEach; i++) {
            String time = times[i % times.length];
            String passage = "Shop " + i + " opens at " + time + " in the morning.";
            rows.add(new LabelledAnswer("Shop " + i + " opens at " + time + ".", List.of(passage), true));
            rows.add(new LabelledAnswer("Bakers of town " + i + " sell warm bread.", List.of(passage), false));
        }
        return rows;
    }

    private static double probability(String text) {
        return GroundednessModel.shipped().probability(text, passages());
    }

    private static List<Passage> passages() {
        return List.of(new Passage("p", TextSegment.from(TEXT), 1));
    }
}
