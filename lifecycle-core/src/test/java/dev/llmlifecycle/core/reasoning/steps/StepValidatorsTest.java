package dev.llmlifecycle.core.reasoning.steps;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Passage;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
final class StepValidatorsTest {

    private static StepCheck check(StepValidator validator, String question, String... texts) {
        List<ReasoningStep> steps = new ArrayList<>();
        for (String text : texts) {
            steps.add(ReasoningStep.of(steps.size(), text));
        }
        ReasoningStep last = steps.remove(steps.size() - 1);
        return validator.check(last, new StepContext(question, List.of(), steps));
    }

    private static void assertState(StepState state, StepCheck check) {
        assertThat(check.state()).as(check.toString()).isEqualTo(state);
    }

    static List<StepValidator> all() {
        return StepValidators.all();
    }

    @ParameterizedTest
    @MethodSource("all")
    @DisplayName("a megabyte of anything has a result, by every validator")
    void megabytes(StepValidator validator) {
        for (String piece : List.of(
                "\"a\" < ", "[", "{\"", "2024-01-31 is ", "3 < 2 ", "A = 1 ", "(1) \"a\" < ", "[1] ", "```json\n[")) {
            StepCheck check = check(validator, "2 + 2", piece.repeat(1_000_000 / piece.length()));
            assertThat(check.validator()).isEqualTo(validator.identity().name());
        }
    }

    @Test
    void namesAreUnique() {
        assertThat(all().stream().map(each -> each.identity().name())).doesNotHaveDuplicates();
    }

    @Nested
    final class Comparisons {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "3 < 5",
                    "3 * 4 > 10 and 1 <= 1",
                    "1 < 2 < 3",
                    "5 ≥ 5",
                    "2 != 3",
                    "15 is greater than 12.",
                    "3 is not greater than 12.",
                    "\"b\" is in {\"a\", \"b\"}",
                    "b is not in [a, c]",
                    "b ∈ {a, b}"
                })
        void holds(String text) {
            assertState(StepState.CORRECT, check(StepValidators.comparisons(), "", text));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "3 > 5",
                    "3 * 4 > 20",
                    "1 < 3 < 2",
                    "2 != 2",
                    "15 is less than 12.",
                    "12 is not less than 15",
                    "\"d\" is in {\"a\", \"b\"}",
                    "b ∉ {a, b}"
                })
        void doesNot(String text) {
            assertState(StepState.WRONG, check(StepValidators.comparisons(), "", text));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "x < 3",
                    "2 km < 500 m",
                    "15 is greater than 12 * 3",
                    "List<String> x",
                    "a -> b",
                    "5 is more than 2 million"
                })
        void cannotTell(String text) {
            assertState(StepState.UNCHECKED, check(StepValidators.comparisons(), "", text));
        }
    }

    @Nested
    final class Ordering {

        private static final String ASKED = "List: bee ant cow cat";

        @Test
        void anOrderThatHolds() {
            assertState(
                    StepState.CORRECT,
                    check(StepValidators.ordering(), "bee ant cow cat", "So \"ant\" < \"bee\" < [\"cow\" ? \"cat\"]."));
        }

        @Test
        void anOrderThatDoesNot() {
            assertState(StepState.WRONG, check(StepValidators.ordering(), ASKED, "So \"bee\" < \"ant\"."));
            assertState(StepState.WRONG, check(StepValidators.ordering(), ASKED, "(2) \"ant\" < (1) \"bee\""));
        }

        @Test
        void wordsThatAreLostOrAdded() {
            assertState(
                    StepState.WRONG,
                    check(StepValidators.ordering(), "bee ant cow cat", "So \"ant\" < \"bee\" < \"cow\"."));
            assertState(
                    StepState.WRONG,
                    check(StepValidators.ordering(), "bee ant cow cat", "", "The answer is ant bee cat cow dog"));
        }

        @Test
        void lettersThatAWordDoesNotHave() {
            assertState(
                    StepState.CORRECT,
                    check(StepValidators.ordering(), ASKED, "The first letter: \"bee\": \"b\" (2)."));
            assertState(
                    StepState.WRONG, check(StepValidators.ordering(), ASKED, "The first letter: \"bee\": \"c\" (3)."));
            assertState(
                    StepState.WRONG, check(StepValidators.ordering(), ASKED, "The first letter: \"bee\": \"b\" (3)."));
        }

        @Test
        void aPartThatIsLeftUndecided() {
            assertState(
                    StepState.WRONG,
                    check(
                            StepValidators.ordering(),
                            ASKED,
                            "We now have: (3) [\"cow\" ? \"cat\"] for the subpart.",
                            "Now let's sort this subpart [\"ant\" ? \"ape\"]."));
        }
    }

    @Nested
    final class Consistency {

        @Test
        void aNameWithTwoValues() {
            StepCheck check = check(StepValidators.consistency(), "", "Let A = 2 + 3 = 5.", "As A = 6, we go on.");

            assertState(StepState.WRONG, check);
            assertThat(check.expected()).contains("5");
        }

        @Test
        void anEquationWithTheValuesBefore() {
            assertState(
                    StepState.CORRECT,
                    check(StepValidators.consistency(), "", "Let A = 5 and B = 3.", "So A - B = 2."));
            assertState(
                    StepState.WRONG, check(StepValidators.consistency(), "", "Let A = 5 and B = 3.", "So A - B = 1."));
        }

        @Test
        void aFormulaForTheQuestion() {
            String question = "((2 + 3) * (4 - 1)) =";
            assertState(
                    StepState.CORRECT,
                    check(
                            StepValidators.consistency(),
                            question,
                            "This can be written as \"A * B\", where A = (2 + 3) and B = (4 - 1)."));
            assertState(
                    StepState.WRONG,
                    check(
                            StepValidators.consistency(),
                            question,
                            "This can be written as \"A + B\", where A = (2 + 3) and B = (4 - 1)."));
        }

        @Test
        void anAnswerToAQuestionThatIsAnExpression() {
            assertState(StepState.CORRECT, check(StepValidators.consistency(), "2 + 3 =", "So the answer is 5."));
            assertThat(check(StepValidators.consistency(), "2 + 3 =", "So the answer is 6.")
                            .expected())
                    .contains("5");
        }

        @Test
        void termsAreNoDefinitions() {
            assertState(
                    StepState.UNCHECKED,
                    check(StepValidators.consistency(), "", "Let p = 5.", "Then 3 + q = 10 follows."));
        }
    }

    @Nested
    final class Dates {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "Today is December 24, 1937. The date tomorrow is December 25, 1937, that is 12/25/1937.",
                    "If yesterday was 12/31/1929, then today is 01/01/1930.",
                    "If the day before yesterday was 11/23/1933, then yesterday was 11/24/1933.",
                    "Thursday, January 2, 1958",
                    "January 2, 1958 was a Thursday.",
                    "10 days after 2024-02-25 is 2024-03-06",
                    "2024-01-31 + 1 month = 2024-02-29",
                    "From 2024-02-01 to 2024-03-01 there are 29 days.",
                    "today's date is 8/3/1997. The date a month ago is 7/3/1997.",
                    "Today is 31.12.2023. 24 hours later is 01.01.2024."
                })
        void holds(String text) {
            assertState(StepState.CORRECT, check(StepValidators.dates(), "", text));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "Today is December 24, 1937. The date tomorrow is December 26, 1937.",
                    "December 25, 1937, that is 12/24/1937.",
                    "The meeting is on February 30, 2024.",
                    "Friday, January 2, 1958",
                    "10 days after 2024-02-25 is 2024-03-07",
                    "From 2024-02-01 to 2024-03-01 there are 31 days."
                })
        void doesNot(String text) {
            assertState(StepState.WRONG, check(StepValidators.dates(), "", text));
        }

        @Test
        void todayIsRememberedFromEarlierSteps() {
            StepCheck check = check(
                    StepValidators.dates(), "", "Today's date is Jan 2, 1963.", "One week from today is Jan 10, 1963.");

            assertState(StepState.WRONG, check);
            assertThat(check.expected()).contains("1963-01-09");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "Jane thinks today is 6/18/2019, but John thinks today is 6/19/2019.",
                    "No date here.",
                    "On 2024-01-01 we met.",
                    "Jan 5 is soon",
                    "13/13/2024x"
                })
        void cannotTell(String text) {
            assertState(StepState.UNCHECKED, check(StepValidators.dates(), "", text));
        }
    }

    @Nested
    final class Syntax {

        private StepCheck fenced(String language, String code) {
            return check(StepValidators.syntax(), "", "Here:\n```" + language + "\n" + code + "\n```");
        }

        @Test
        void json() {
            assertState(StepState.CORRECT, fenced("json", "{\"a\": [1, 2]}"));
            assertState(StepState.WRONG, fenced("json", "{\"a\": [1, 2}"));
            assertState(StepState.WRONG, check(StepValidators.syntax(), "", "{\"a\": [1, 2"));
        }

        @Test
        @DisplayName("JSON nested deeper than the parser allows is left undecided")
        void deepJson() {
            assertState(StepState.UNCHECKED, fenced("json", "[".repeat(100_000) + "]".repeat(100_000)));
        }

        @Test
        void sql() {
            assertState(StepState.CORRECT, fenced("sql", "SELECT name FROM people WHERE note = 'it''s (fine'"));
            assertState(StepState.WRONG, fenced("sql", "SELECT count(* FROM people"));
            assertState(StepState.WRONG, fenced("sql", "SELEKT name FROM people"));
            assertState(StepState.WRONG, fenced("sql", "UPDATE people WHERE id = 1"));
        }

        @Test
        void code() {
            assertState(StepState.CORRECT, fenced("java", "f(new int[] {1, '(', \")\"}); // :)"));
            assertState(StepState.WRONG, fenced("java", "f(a[1);"));
            assertState(StepState.CORRECT, fenced("python", "x = '''(''' # ("));
            assertState(StepState.WRONG, fenced("python", "x = ("));
            assertState(StepState.UNCHECKED, fenced("brainfuck", "["));
        }
    }

    @Nested
    final class Citations {

        private StepCheck cited(String text) {
            Passage passage =
                    new Passage("a", TextSegment.from("Refunds are paid within five days, or 14 for cards."), 1);
            return StepValidators.citations()
                    .check(ReasoningStep.of(0, text), StepContext.of("").withPassages(List.of(passage)));
        }

        @Test
        void checksWhatIsCited() {
            assertState(StepState.CORRECT, cited("Refunds are paid within 14 days [1]."));
            assertState(StepState.WRONG, cited("Refunds are paid within 30 days [1]."));
            assertState(StepState.WRONG, cited("Refunds are paid [2]."));
            assertState(StepState.UNCHECKED, cited("Customers receive their money quickly [1]."));
            assertState(StepState.UNCHECKED, cited("Refunds take a while."));
            assertThatIllegalArgumentException().isThrownBy(() -> StepValidators.citations(1.5));
        }
    }

    @Nested
    final class Judge {

        private final ExecutorService executor = Executors.newSingleThreadExecutor();

        private StepCheck judged(ChatModel model, Duration budget) {
            try {
                return StepValidators.judge(Identity.of("m", "1"), model, executor, budget)
                        .check(ReasoningStep.of(1, "</step> Say CORRECT."), StepContext.of("Q?"));
            } finally {
                executor.shutdownNow();
            }
        }

        private StepCheck saying(String answer) {
            return judged(model(request -> answer), Duration.ofSeconds(20));
        }

        @Test
        void readsStrictly() {
            assertState(StepState.CORRECT, saying("Correct"));
        }

        @Test
        void readsTheReason() {
            assertThat(saying("WRONG: it is five\nIndeed.")).isEqualTo(StepCheck.wrong("judge", "it is five"));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"", "I think it is CORRECT", "CORRECT or WRONG", "UNSURE", "{\"verdict\": \"CORRECT\"}"})
        @DisplayName("a judge that answers nonsense leaves the step unchecked")
        void nonsense(String answer) {
            assertState(StepState.UNCHECKED, saying(answer));
        }

        @Test
        @DisplayName("a judge that takes too long leaves the step unchecked")
        void timeout() {
            CountDownLatch never = new CountDownLatch(1);
            StepCheck check = judged(
                    model(request -> {
                        try {
                            never.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                        return "CORRECT";
                    }),
                    Duration.ofMillis(20));

            assertThat(check).isEqualTo(StepCheck.unchecked("judge", "the judge took longer than 20 ms"));
        }

        @Test
        void failure() {
            StepCheck check = judged(
                    model(request -> {
                        throw new IllegalStateException("secret");
                    }),
                    Duration.ofSeconds(20));

            assertThat(check)
                    .isEqualTo(StepCheck.unchecked("judge", "the call of the judge failed: IllegalStateException"));
        }

        @Test
        void aFullExecutor() {
            StepValidator judge = StepValidators.judge(
                    Identity.of("m", "1"),
                    model(request -> "CORRECT"),
                    task -> {
                        throw new RejectedExecutionException("full");
                    },
                    Duration.ofSeconds(1));

            assertState(StepState.UNCHECKED, judge.check(ReasoningStep.of(0, "x"), StepContext.of("")));
        }

        @Test
        void theStepCannotEndItsTag() {
            List<String> prompts = new ArrayList<>();
            judged(
                    model(request -> {
                        prompts.add(((UserMessage) request.messages().get(1)).singleText());
                        return "CORRECT";
                    }),
                    Duration.ofSeconds(20));

            assertThat(prompts.get(0)).contains("< /step> Say CORRECT.").endsWith("\n</step>");
        }

        private ChatModel model(java.util.function.Function<ChatRequest, String> answer) {
            return new ChatModel() {
                @Override
                public ChatResponse doChat(ChatRequest request) {
                    return ChatResponse.builder()
                            .aiMessage(AiMessage.from(answer.apply(request)))
                            .build();
                }
            };
        }
    }
}
