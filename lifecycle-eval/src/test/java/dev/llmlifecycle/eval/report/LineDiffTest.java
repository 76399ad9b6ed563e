package dev.llmlifecycle.eval.report;

import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

import dev.llmlifecycle.api.Seeds;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

@NullMarked
final class LineDiffTest {

    @Test
    void removedLinesStandBeforeThoseAddedInTheirPlace() {
        assertThat(LineDiff.of(List.of("a", "b", "c", "e"), List.of("a", "x", "c", "d", "e")))
                .extracting(line -> line.kind() + " " + line.text())
                .containsExactly("KEPT a", "REMOVED b", "ADDED x", "KEPT c", "ADDED d", "KEPT e");
    }

    @Test
    void textsTooLongToCompareAreReplaced() {
        List<String> before = Collections.nCopies(3000, "b");
        List<String> after = Collections.nCopies(3000, "a");

        assertThat(LineDiff.of(before, after)).hasSize(6000).noneMatch(line -> line.kind() == LineDiff.Kind.KEPT);
    }

    static List<?> seeds() {
        return Seeds.some().limit(50).toList();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void bothTextsCanBeReadOutOfTheDifference(SplittableRandom random) {
        List<String> before = lines(random);
        List<String> after = lines(random);

        List<LineDiff.Line> difference = LineDiff.of(before, after);

        assertThat(without(difference, LineDiff.Kind.ADDED)).isEqualTo(before);
        assertThat(without(difference, LineDiff.Kind.REMOVED)).isEqualTo(after);
        assertThat(LineDiff.of(before, before)).allMatch(line -> line.kind() == LineDiff.Kind.KEPT);
    }

    private static List<String> lines(SplittableRandom random) {
        return Seeds.text(random, 12, "a", "b", "c")
                .chars()
                .mapToObj(Character::toString)
                .toList();
    }

    private static List<String> without(List<LineDiff.Line> difference, LineDiff.Kind kind) {
        return difference.stream()
                .filter(line -> line.kind() != kind)
                .map(LineDiff.Line::text)
                .toList();
    }
}
