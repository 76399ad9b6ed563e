package dev.llmlifecycle.core.reasoning.steps;

import java.util.List;
import java.util.SplittableRandom;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
final class StepParserTest {

    private final StepParser parser = StepParser.standard();

    private List<ReasoningStep> parse(String text) {
        List<ReasoningStep> steps = parser.parse(text);
        StringBuilder whole = new StringBuilder();
        int end = 0;
        for (int i = 0; i < steps.size(); i++) {
            ReasoningStep step = steps.get(i);
            assertThat(step.index()).isEqualTo(i);
            assertThat(step.span().start()).isEqualTo(end);
            end = step.span().end();
            whole.append(step.span().of(text));
        }
        assertThat(whole.toString()).isEqualTo(text.isBlank() ? "" : text);
        return steps;
    }

    private List<String> texts(String text) {
        return parse(text).stream().map(ReasoningStep::text).toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1. Add.\n2. Subtract.",
                "1) Add.\n2) Subtract.",
                "(1) Add.\n(2) Subtract.",
                "Step 1: Add.\nStep 2: Subtract.",
                "**Step 1:** Add.\n\n**Step 2:** Subtract.",
                "## Step 1. Add.\n## Step 2. Subtract.",
                "(a) Add.\n(b) Subtract.",
                "a) Add.\n  b) Subtract.",
                "- Add.\n- Subtract.",
                "• Add.\r\n• Subtract.\r\n",
                "Step 1: Add. Step 2: Subtract.",
                "Add.\nSubtract.",
                "Add. Subtract.",
                "\n\nAdd.\n\n\nSubtract.\n"
            })
    @DisplayName("two steps are two steps, however they are numbered")
    void knowsTheUsualWaysToNumber(String text) {
        assertThat(texts(text)).containsExactly("Add.", "Subtract.");
    }

    @Test
    void keepsWhatStandsBeforeTheListAndUnderAnItem() {
        assertThat(texts("Let us see.\n1. Add:\n   - one\n   - two\n2. Subtract."))
                .containsExactly("Let us see.", "Add:\n   - one\n   - two", "Subtract.");
    }

    @Test
    void theAnswerIsNoPartOfTheLastItem() {
        assertThat(texts("1. Add.\n2. Subtract.\n**Answer:** 4")).containsExactly("Add.", "Subtract.", "**Answer:** 4");
        assertThat(texts("- Add.\n- Subtract.\n#### 4")).containsExactly("Add.", "Subtract.", "#### 4");
    }

    @Test
    void labelsAreKept() {
        assertThat(parse("Step 1: Add.\nStep 2: Subtract."))
                .extracting(ReasoningStep::label)
                .containsExactly("Step 1:", "Step 2:");
    }

    @Test
    void rowsOfATableAreSteps() {
        List<ReasoningStep> steps = parse("| item | price |\n|---|---|\n| pen | 2 |\n| book | 3 |");

        assertThat(steps).extracting(ReasoningStep::style).containsOnly(StepStyle.TABLE_ROW);
        assertThat(steps).hasSize(3);
        assertThat(steps.get(2).text()).isEqualTo("| book | 3 |");
    }

    @Test
    void elementsOfAJsonArrayAreSteps() {
        assertThat(texts("[\"a, [b]\", {\"step\": 2, \"of\": [1, 2]}, \"c\"]"))
                .containsExactly("\"a, [b]\"", "{\"step\": 2, \"of\": [1, 2]}", "\"c\"");
        assertThat(texts("```json\n{\"note\": \"x [\", \"steps\": [\"a\", \"b\"]}\n```"))
                .containsExactly("\"a\"", "\"b\"");
    }

    @Test
    @DisplayName("unbalanced JSON ends with the text and loses nothing of it")
    void unbalancedJson() {
        assertThat(texts("[\"a\", {\"b\": [1, 2")).containsExactly("\"a\"", "{\"b\": [1, 2");
        assertThat(texts("[\"a\", \"b")).containsExactly("\"a\"", "\"b");
        assertThat(texts("[[[[\"")).hasSize(1);
    }

    @Test
    void aCitationAtTheBeginningIsNoJson() {
        assertThat(texts("[1] says so.\n[2] says no.")).containsExactly("[1] says so.", "[2] says no.");
    }

    @Test
    void codeIsNotSplit() {
        assertThat(texts("First:\n```\n1. a\n2. b\n```\nThen."))
                .containsExactly("First:", "```\n1. a\n2. b\n```", "Then.");
    }

    @Test
    void blankTextHasNoSteps() {
        assertThat(parse("")).isEmpty();
        assertThat(parse(" \n\t ")).isEmpty();
    }

    @Test
    void tellsApartAtMostSoManySteps() {
        List<ReasoningStep> steps = StepParser.ofAtMost(2).parse("a\nb\nc\nd");

        assertThat(steps).extracting(ReasoningStep::text).containsExactly("a", "b\nc\nd");
        assertThat(steps.get(1).span().end()).isEqualTo(7);
        assertThatIllegalArgumentException().isThrownBy(() -> StepParser.ofAtMost(0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a", "[", "[\"", "1. ", "\n", "Step 1: ", "a.b. ", "((", "| x |\n", "```\n", "{\"a\":", "1 = "})
    @DisplayName("a megabyte of anything is parsed, and nothing of it lost")
    void megabyte(String piece) {
        parse(piece.repeat(1_000_000 / piece.length()));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void losesNothingOfRandomText(long seed) {
        String alphabet = "ab1.)(:-*#|[]{}\",\\ \n\tStep`<>=";
        SplittableRandom random = new SplittableRandom(seed);
        for (int n = 0; n < 2_000; n++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(60); i > 0; i--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            parse(text.toString());
        }
    }
}
