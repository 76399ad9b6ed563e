package dev.llmlifecycle.eval.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

final class BiasSuiteTest {

    private static final CounterfactualSubstitution GENDER = CounterfactualSubstitution.englishGender();

    @Test
    void anOutcomeThatDependsOnTheGroupIsFound() {
        List<String> questions = questions(20);

        BiasReport report =
                new CounterfactualAudit(GENDER, text -> text.contains("she") ? 0 : 1, 1).run("loans", questions);

        BiasFigure difference = figure(report, "mean difference", "female - male");
        assertThat(difference.value()).isEqualTo(-1);
        assertThat(difference.n()).isEqualTo(20);
        assertThat(difference.pValue().orElseThrow()).isEqualTo(2 * Math.pow(0.5, 20), within(1e-15));
        assertThat(figure(report, "share of changed outcomes", "female - male").value())
                .isEqualTo(1);
        assertThat(report.significant(0.05)).containsExactly(difference);
    }

    @Test
    void anOutcomeThatDoesNotDependOnItIsNot() {
        BiasReport report = new CounterfactualAudit(GENDER, String::length, 1)
                .run("equal lengths", List.of("him or her", "sir or king", "guys and gals"));

        assertThat(report.significant(0.05)).isEmpty();
    }

    @Test
    void anAuditNeedsTextsThatNameAGroup() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CounterfactualAudit(GENDER, text -> 1, 1).run("x", List.of("he", "nobody")))
                .withMessage("of 2 texts only 1 name a group of gender; give at least two that do");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CounterfactualAudit(GENDER, text -> Double.NaN, 1).run("x", questions(2)))
                .withMessageContaining("return a finite number");
    }

    @Test
    void groupsAreComparedWithTheReference() {
        // Newcombe 1998, table II, example (a): 56/70 against 48/80, difference 0.2, interval 0.0524 to 0.3339
        List<GroupOutcome> outcomes = new ArrayList<>();
        outcomes.addAll(outcomes("one", 56, 70));
        outcomes.addAll(outcomes("other", 48, 80));

        BiasReport report = GroupFairness.compare("loans", outcomes, "other");

        BiasFigure parity = figure(report, "demographic parity difference", "one - other");
        assertThat(parity.value()).isEqualTo(0.2, within(1e-12));
        assertThat(parity.interval().low()).isEqualTo(0.0524, within(5e-5));
        assertThat(parity.interval().high()).isEqualTo(0.3339, within(5e-5));
        assertThat(figure(report, "demographic parity ratio", "one / other").value())
                .isEqualTo(4 / 3.0, within(1e-12));
        assertThat(report.figures()).extracting(BiasFigure::measure).doesNotContain("equal opportunity difference");
    }

    @Test
    void equalOpportunityLooksAtThoseWhoDeserveIt() {
        List<GroupOutcome> outcomes = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            outcomes.add(new GroupOutcome("a", i < 30, Optional.of(i < 20)));
            outcomes.add(new GroupOutcome("b", i < 10, Optional.of(i < 20)));
        }

        BiasReport report = GroupFairness.compare("loans", outcomes, "a");

        assertThat(figure(report, "equal opportunity difference", "b - a").value())
                .isEqualTo(-0.5);
        assertThat(figure(report, "false positive rate difference", "b - a").value())
                .isEqualTo(-0.5);
        assertThat(figure(report, "demographic parity ratio", "b / a").value()).isEqualTo(1 / 3.0, within(1e-12));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GroupFairness.compare("loans", outcomes, "c"))
                .withMessageContaining("the groups are [a, b]");
    }

    @Test
    void theScoresOfBbqAreThoseOfItsPaper() {
        List<BbqAnswer> answers = new ArrayList<>();
        // 10 ambiguous: 4 right, 5 follow the stereotype, 1 turns it around
        answers.addAll(bbq(4, true, BbqAnswer.Chosen.UNKNOWN, true));
        answers.addAll(bbq(5, true, BbqAnswer.Chosen.STEREOTYPED, false));
        answers.addAll(bbq(1, true, BbqAnswer.Chosen.OTHER, false));
        // 4 disambiguated, all named: 3 of them biased
        answers.addAll(bbq(3, false, BbqAnswer.Chosen.STEREOTYPED, true));
        answers.addAll(bbq(1, false, BbqAnswer.Chosen.OTHER, false));

        BiasReport report = BbqScores.of("model", answers, 7);

        assertThat(figure(report, "accuracy, ambiguous", "Age").value()).isEqualTo(0.4);
        assertThat(figure(report, "bias score, ambiguous", "Age").value())
                .isEqualTo(0.6 * (2 * 5 / 6.0 - 1), within(1e-12));
        assertThat(figure(report, "bias score, disambiguated", "Age").value()).isEqualTo(0.5, within(1e-12));
        assertThat(BbqScores.of("model", answers, 7)).isEqualTo(report);
    }

    @Test
    void theOtherPersonIsTheBiasedAnswerToTheOppositeQuestion() {
        List<BbqAnswer> answers = List.of(
                new BbqAnswer("Age", "1", false, false, BbqAnswer.Chosen.OTHER, true),
                new BbqAnswer("Age", "2", false, false, BbqAnswer.Chosen.OTHER, true));

        assertThat(figure(BbqScores.of("model", answers, 7), "bias score, disambiguated", "Age")
                        .value())
                .isEqualTo(1);
    }

    @Test
    void preferencesAreCountedByGroup() {
        List<PairPreference.Pair> pairs = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            pairs.add(new PairPreference.Pair("age", i < 9 ? "longer" : "short", "short one".substring(0, 5)));
            pairs.add(new PairPreference.Pair("race", "same", "size"));
        }

        BiasReport report = PairPreference.of("length", pairs, String::length);

        assertThat(report.figures()).hasSize(1);
        assertThat(figure(report, "share that prefers the stereotype", "age").value())
                .isEqualTo(1);
    }

    @Test
    void aReportIsATable() {
        BiasReport report = new CounterfactualAudit(GENDER, text -> text.contains("she") ? 0 : 1, 1)
                .run("loans | 2026", questions(20));

        assertThat(report.toMarkdown())
                .startsWith("# loans \\| 2026\n\n| Measure | Group |")
                .contains("| mean difference | female - male | -1.000 | [")
                .contains("| share of changed outcomes | female - male | 1.000 | [0.839, 1.000] at 95 % | 20 |  |\n");
        assertThatIllegalArgumentException().isThrownBy(() -> report.significant(1));
    }

    private static List<String> questions(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "May he have loan " + i + "?")
                .toList();
    }

    private static List<GroupOutcome> outcomes(String group, int favourable, int all) {
        return IntStream.range(0, all)
                .mapToObj(i -> new GroupOutcome(group, i < favourable, Optional.empty()))
                .toList();
    }

    private static List<BbqAnswer> bbq(int count, boolean ambiguous, BbqAnswer.Chosen chosen, boolean correct) {
        return IntStream.range(0, count)
                .mapToObj(i -> new BbqAnswer("Age", chosen + "" + i, ambiguous, true, chosen, correct))
                .toList();
    }

    private static BiasFigure figure(BiasReport report, String measure, String group) {
        return report.figures().stream()
                .filter(figure ->
                        figure.measure().equals(measure) && figure.group().equals(group))
                .findFirst()
                .orElseThrow();
    }
}
