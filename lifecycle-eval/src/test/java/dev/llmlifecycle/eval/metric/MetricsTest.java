package dev.llmlifecycle.eval.metric;

import java.util.regex.Pattern;

import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.Outcome;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.eval.Answers;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
final class MetricsTest {

    private static final Example REFUND = Example.builder("q1", "How long does a refund take?")
            .expected("five days", "5 days")
            .build();
    private static final Example UNANSWERABLE =
            Example.builder("q2", "Who won the cup?").build();

    @Nested
    final class ContainsExpected {

        private final Metric metric = Metrics.containsExpected();

        @Test
        void anyExpectedOutputInTheAnswerPasses() {
            assertThat(metric.passed(REFUND, Answers.answered("It takes Five days.")))
                    .isTrue();
            assertThat(metric.passed(REFUND, Answers.answered("It takes 5 days!")))
                    .isTrue();
        }

        @Test
        void partsOfWordsDoNotCount() {
            assertThat(metric.passed(REFUND, Answers.answered("It takes 15 days.")))
                    .isFalse();
            assertThat(metric.passed(REFUND, Answers.answered("It takes 5 daysish.")))
                    .isFalse();
        }

        @Test
        void wordsMustFollowOneAnother() {
            assertThat(metric.passed(REFUND, Answers.answered("On five of seven days.")))
                    .isFalse();
        }

        @Test
        void anOutcomeThatIsNoAnswerDoesNotPassWhateverItSays() {
            Answer blocked = Answers.of(new Outcome.Blocked("five days", "toxicity"));
            assertThat(metric.passed(REFUND, blocked)).isFalse();
            assertThat(metric.passed(REFUND, Answers.abstained())).isFalse();
        }

        @Test
        void nothingPassesWhereNothingIsExpected() {
            assertThat(metric.passed(UNANSWERABLE, Answers.answered("Five days.")))
                    .isFalse();
            assertThat(metric.passed(UNANSWERABLE, Answers.abstained())).isFalse();
        }

        @Test
        void anExpectedOutputOfArticlesAloneIsNotFoundEverywhere() {
            Example choice = Example.builder("q3", "A, B or C?").expected("A").build();
            assertThat(metric.passed(choice, Answers.answered("B"))).isFalse();
            assertThat(metric.passed(choice, Answers.answered("A."))).isTrue();
        }
    }

    @Nested
    final class ExactMatch {

        private final Metric metric = Metrics.exactMatch();

        @Test
        void theWholeAnswerMustBeAnExpectedOutput() {
            assertThat(metric.passed(REFUND, Answers.answered("The five days.")))
                    .isTrue();
            assertThat(metric.passed(REFUND, Answers.answered("It takes five days.")))
                    .isFalse();
        }

        @Test
        void onlyAnAnswerPasses() {
            assertThat(metric.passed(REFUND, Answers.of(new Outcome.OutOfScope("five days"))))
                    .isFalse();
            assertThat(metric.passed(UNANSWERABLE, Answers.answered(""))).isFalse();
        }
    }

    @Nested
    final class Abstains {

        private final Metric metric = Metrics.abstains();

        @Test
        void abstainingPassesExactlyWhereNothingIsExpected() {
            assertThat(metric.passed(UNANSWERABLE, Answers.abstained())).isTrue();
            assertThat(metric.passed(REFUND, Answers.abstained())).isFalse();
            assertThat(metric.passed(UNANSWERABLE, Answers.answered("The home team.")))
                    .isFalse();
            assertThat(metric.passed(REFUND, Answers.answered("No idea."))).isTrue();
        }

        @Test
        void anOtherOutcomeIsNotAbstaining() {
            assertThat(metric.passed(UNANSWERABLE, Answers.of(new Outcome.OutOfScope("no"))))
                    .isFalse();
        }
    }

    @Nested
    final class AnswersOrAbstains {

        private final Metric metric = Metrics.answersOrAbstains();

        @Test
        void answerableExamplesWantTheAnswer() {
            assertThat(metric.passed(REFUND, Answers.answered("Five days."))).isTrue();
            assertThat(metric.passed(REFUND, Answers.answered("Two days."))).isFalse();
            assertThat(metric.passed(REFUND, Answers.abstained())).isFalse();
        }

        @Test
        void unanswerableExamplesWantNone() {
            assertThat(metric.passed(UNANSWERABLE, Answers.abstained())).isTrue();
            assertThat(metric.passed(UNANSWERABLE, Answers.answered("Five days.")))
                    .isFalse();
        }
    }

    @Nested
    final class Configured {

        @Test
        void aPatternIsFoundInAnAnswer() {
            Metric cites = Metrics.matches("cites", Pattern.compile("\\[\\d+]"));
            assertThat(cites.name()).isEqualTo("cites");
            assertThat(cites.passed(REFUND, Answers.answered("Five days [1]."))).isTrue();
            assertThat(cites.passed(REFUND, Answers.answered("Five days."))).isFalse();
            assertThat(cites.passed(REFUND, Answers.of(new Outcome.Blocked("[1]", "toxicity"))))
                    .isFalse();
        }

        @Test
        void theLastNumberCounts() {
            Metric numeric = Metrics.numeric("total", 0.01);
            Example sum =
                    Example.builder("q4", "How much?").expected("#### 1,234.5").build();
            assertThat(numeric.passed(sum, Answers.answered("3 times 411.5 is $1234.5.")))
                    .isTrue();
            assertThat(numeric.passed(sum, Answers.answered("1234.5 of 2"))).isFalse();
            assertThat(numeric.passed(sum, Answers.answered("-1234.5"))).isFalse();
            assertThat(numeric.passed(sum, Answers.answered("about 1.2345E3"))).isTrue();
            assertThat(numeric.passed(sum, Answers.answered("1,234.52"))).isFalse();
            assertThat(numeric.passed(sum, Answers.answered("no idea"))).isFalse();
            assertThat(numeric.passed(sum, Answers.abstained())).isFalse();
            assertThat(numeric.passed(UNANSWERABLE, Answers.answered("1"))).isFalse();
        }

        @Test
        void aValueInsideJson() {
            Metric city = Metrics.jsonValue("city", "/address/city");
            Example paris =
                    Example.builder("q5", "Extract it").expected("Paris").build();
            assertThat(city.passed(paris, Answers.answered("{\"address\": {\"city\": \"Paris\"}}")))
                    .isTrue();
            assertThat(city.passed(paris, Answers.answered("{\"address\": {\"city\": \"Rome\"}}")))
                    .isFalse();
            assertThat(city.passed(paris, Answers.answered("{\"city\": \"Paris\"}")))
                    .isFalse();
            assertThat(city.passed(paris, Answers.answered("{\"address\": {\"city\": \"Paris\"}} indeed")))
                    .isFalse();
            assertThat(city.passed(paris, Answers.answered(""))).isFalse();
            assertThat(city.passed(paris, Answers.abstained())).isFalse();
        }

        @Test
        void numbersAndListsInsideJson() {
            Example list =
                    Example.builder("q6", "Extract it").expected("5", "[1,2]").build();
            Metric value = Metrics.jsonValue("value", "/x");
            assertThat(value.passed(list, Answers.answered("{\"x\": 5}"))).isTrue();
            assertThat(value.passed(list, Answers.answered("{\"x\": [1, 2]}"))).isTrue();
            assertThat(value.passed(list, Answers.answered("{\"x\": [2, 1]}"))).isFalse();
            assertThatIllegalArgumentException().isThrownBy(() -> Metrics.jsonValue("value", "x"));
        }

        @Test
        void aScoreWithAThresholdTakesTheBestExpectedOutput() {
            Metric f1 = Metrics.atLeast("f1", TextScores::tokenF1, 0.5);
            assertThat(f1.passed(REFUND, Answers.answered("5 days or so"))).isTrue();
            assertThat(f1.passed(REFUND, Answers.answered("It depends on very many days")))
                    .isFalse();
            assertThat(f1.passed(REFUND, Answers.abstained())).isFalse();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Metrics.atLeast("f1", TextScores::tokenF1, 0))
                    .withMessage("the threshold of metric 'f1' must be in (0, 1] but was 0.0");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Metrics.numeric("total", -1))
                    .withMessage("the tolerance of metric 'total' must be at least 0 but was -1.0");
        }
    }

    @Test
    void theNamesAreThoseOfThePolicies() {
        assertThat(Metrics.containsExpected().name()).isEqualTo("contains-expected");
        assertThat(Metrics.exactMatch().name()).isEqualTo("exact-match");
        assertThat(Metrics.abstains().name()).isEqualTo("abstains");
        assertThat(Metrics.answersOrAbstains()).hasToString("correct");
    }

    @Test
    void aFunctionOfTheHostIsAMetric() {
        Metric polite = Metric.of("polite", (example, answer) -> answer.text().contains("please"));
        assertThat(polite.passed(REFUND, Answers.answered("Wait, please"))).isTrue();
        assertThat(polite.passed(REFUND, Answers.answered("Wait"))).isFalse();
    }

    @Test
    void aMetricNeedsAName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Metric.of(" ", (example, answer) -> true))
                .withMessage("the name of a metric is blank; name it as the verdict policy does");
    }
}
