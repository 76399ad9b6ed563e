package dev.llmlifecycle.api.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
final class ExampleTest {

    @Test
    void hasNothingButIdAndInputUnlessToldOtherwise() {
        Example example = Example.builder("1", "one").build();

        assertThat(example).isEqualTo(new Example("1", "one", List.of(), Map.of(), Provenance.UNKNOWN));
    }

    @Test
    void copiesWhatItIsGiven() {
        List<String> expected = new ArrayList<>(List.of("a"));
        Map<String, String> labels = new HashMap<>(Map.of("x", "1"));
        Example example = new Example("1", "one", expected, labels, new Provenance("web", "CC0-1.0"));

        expected.add("b");
        labels.put("y", "2");

        assertThat(example.expected()).containsExactly("a");
        assertThat(example.labels()).containsExactly(Map.entry("x", "1"));
    }

    @Test
    void listsItsLabelsByName() {
        Example example = Example.builder("1", "one")
                .label("b", "2")
                .label("c", "3")
                .label("a", "1")
                .build();

        assertThat(example.labels().keySet()).containsExactly("a", "b", "c");
    }

    @Test
    void refusesBlankTexts() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Example.builder(" ", "one").build())
                .withMessage("the id of an example is blank; give each example a unique id");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Example.builder("1", "\n").build())
                .withMessage("the input of example '1' is blank; remove it or fill it in");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Provenance("", "MIT"))
                .withMessage("provenance has a blank source or licence; use Provenance.UNKNOWN where nothing is known");
        assertThatIllegalArgumentException().isThrownBy(() -> new Provenance("web", " "));
    }
}
