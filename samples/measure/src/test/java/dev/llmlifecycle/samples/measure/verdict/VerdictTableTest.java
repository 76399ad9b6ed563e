package dev.llmlifecycle.samples.measure.verdict;

import java.util.ArrayList;
import java.util.List;

import dev.llmlifecycle.samples.measure.task.Figure;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@NullMarked
final class VerdictTableTest {

    @Test
    void aDifferenceThatIsSureOnItsOwnButNotAmongManyIsUndecided() {
        Comparison alone = comparison("a", 100, 12, 3);
        assertThat(verdicts(List.of(alone))).containsExactly("IMPROVED");

        List<Comparison> many = new ArrayList<>(List.of(alone));
        for (int i = 0; i < 5; i++) {
            many.add(comparison("b" + i, 100, 10, 10));
        }
        assertThat(verdicts(many).get(0)).isEqualTo("UNDECIDED");
        assertThat(VerdictTable.figures(many))
                .filteredOn(figure -> figure.name().equals("pairs still needed"))
                .first()
                .satisfies(figure -> assertThat(figure.value()).isPositive());
    }

    @Test
    void aDifferenceThatIsSureOnItsOwnAndTooSmallToMatterIsEquivalentAmongMany() {
        List<Comparison> many = new ArrayList<>(List.of(comparison("a", 2_000, 60, 38)));
        assertThat(verdicts(many)).containsExactly("IMPROVED");
        for (int i = 0; i < 5; i++) {
            many.add(comparison("b" + i, 100, 10, 10));
        }
        assertThat(verdicts(many).get(0)).isEqualTo("EQUIVALENT");
    }

    @Test
    void namesTheComparisonAndCountsBothSides() {
        assertThat(VerdictTable.figures(List.of(comparison("a", 50, 2, 20))))
                .extracting(Figure::set)
                .containsOnly("a: old to new");
        assertThat(VerdictTable.figures(List.of(comparison("a", 50, 2, 20))))
                .extracting(Figure::name, Figure::note)
                .contains(org.assertj.core.groups.Tuple.tuple("difference", "REGRESSED"))
                .hasSize(6);
    }

    private static List<String> verdicts(List<Comparison> comparisons) {
        return VerdictTable.figures(comparisons).stream()
                .filter(figure -> figure.name().equals("difference"))
                .map(Figure::note)
                .toList();
    }

    private static Comparison comparison(String set, int pairs, int gained, int lost) {
        List<Comparison.Row> rows = new ArrayList<>();
        for (int i = 0; i < pairs; i++) {
            rows.add(new Comparison.Row("q" + i, i >= gained && i < gained + lost, i < gained));
        }
        return new Comparison(set, "old", "new", rows);
    }
}
