package dev.llmlifecycle.api.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

import dev.llmlifecycle.api.Seeds;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
final class DatasetTest {

    private static final Example FIRST = Example.builder("1", "one").build();
    private static final Example SECOND =
            Example.builder("2", "two").expected("2").build();

    @Test
    void keepsExamplesInTheirOrder() {
        Dataset dataset =
                Dataset.builder("d").version("7").addAll(List.of(SECOND, FIRST)).build();

        assertThat(dataset.name()).isEqualTo("d");
        assertThat(dataset.version()).isEqualTo("7");
        assertThat(dataset.examples()).containsExactly(SECOND, FIRST);
        assertThat(dataset.size()).isEqualTo(2);
        assertThat(dataset).hasToString("d:7 (2 examples, " + dataset.hash().shortForm() + ")");
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> dataset.examples().clear());
    }

    @Test
    void isVersionOneAndMayBeEmpty() {
        assertThat(Dataset.builder("d").build().version()).isEqualTo("1");
        assertThat(Dataset.builder("d").build().size()).isZero();
    }

    @Test
    void isEqualWhereNameVersionAndExamplesInOrderAre() {
        Dataset dataset = Dataset.builder("d").add(FIRST).add(SECOND).build();

        assertThat(dataset)
                .isEqualTo(Dataset.builder("d").add(FIRST).add(SECOND).build())
                .hasSameHashCodeAs(Dataset.builder("d").add(FIRST).add(SECOND).build())
                .isNotEqualTo(Dataset.builder("e").add(FIRST).add(SECOND).build())
                .isNotEqualTo(
                        Dataset.builder("d").version("2").add(FIRST).add(SECOND).build())
                .isNotEqualTo(Dataset.builder("d").add(SECOND).add(FIRST).build())
                .isNotEqualTo(Dataset.builder("d").add(FIRST).build())
                .isNotEqualTo(null);
    }

    @Test
    void buildsTwiceWithoutSharing() {
        Dataset.Builder builder = Dataset.builder("d").add(FIRST);
        Dataset one = builder.build();
        Dataset two = builder.add(SECOND).build();

        assertThat(one.size()).isEqualTo(1);
        assertThat(two.size()).isEqualTo(2);
    }

    @Test
    void makesNamedSubsets() {
        Dataset subset = Dataset.builder("d").add(FIRST).add(SECOND).build().subset("hard", SECOND::equals);

        assertThat(subset)
                .isEqualTo(Dataset.builder("d").version("1/hard").add(SECOND).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> subset.subset(" ", example -> true))
                .withMessage("the name of a subset of dataset 'd' is blank; name it");
    }

    @Test
    void refusesBlankNamesAndDoubleIds() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Dataset.builder(" "))
                .withMessage("the name of a dataset is blank; give it a name");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Dataset.builder("d").version(""))
                .withMessage("the version of dataset 'd' is blank; leave it out or name it");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Dataset.builder("d").add(FIRST).add(SECOND).add(FIRST).build())
                .withMessage("dataset 'd' has the id '1' at positions 0 and 2; give each example an id of its own");
    }

    @Test
    void saysWhichExampleHasNoHash() {
        Example broken = Example.builder("3", "half \ud83d").build();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Dataset.builder("d").add(FIRST).add(broken).build())
                .withMessage(
                        "canonical JSON of $.examples[1].input has a lone surrogate at index 5; repair the text first");
    }

    static Stream<?> seeds() {
        return Seeds.some();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void doesNotDependOnTheOrderOfLabels(SplittableRandom random) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            names.add("label-" + random.nextInt(1000));
        }
        Example.Builder forwards = Example.builder("1", "one");
        names.stream().sorted().forEach(name -> forwards.label(name, "of " + name));
        Example.Builder backwards = Example.builder("1", "one");
        names.stream().sorted(Collections.reverseOrder()).forEach(name -> backwards.label(name, "of " + name));

        Dataset one = Dataset.builder("d").add(forwards.build()).build();
        Dataset two = Dataset.builder("d").add(backwards.build()).build();

        assertThat(two).isEqualTo(one);
        assertThat(two.examples().get(0).labels().keySet())
                .containsExactlyElementsOf(one.examples().get(0).labels().keySet());
    }
}
