package dev.llmlifecycle.core.prompt;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import dev.langchain4j.model.openai.OpenAiTokenCountEstimator;
import dev.llmlifecycle.api.Seeds;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.ModelParameters;
import dev.llmlifecycle.api.prompt.PromptVariable;
import dev.llmlifecycle.core.prompt.PromptComparison.VersionBump;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

final class PromptComparisonTest {

    @Test
    void findsNothingBetweenEqualTemplates() {
        PromptComparison comparison = PromptComparison.of(template(b -> b), template(b -> b));

        assertThat(comparison.changes()).isEmpty();
        assertThat(comparison.compatibility()).isEqualTo(PromptComparison.Compatibility.COMPATIBLE);
        assertThat(comparison.versionBump()).isEqualTo(VersionBump.NONE);
    }

    @Test
    void asksForAPatchWhenOnlyTextsParametersAndPartialsChange() {
        PromptComparison comparison = PromptComparison.of(
                ChatPromptTemplate.builder("p")
                        .partial("old", "x")
                        .partial("kept", "x")
                        .system("a")
                        .user("b")
                        .build(),
                ChatPromptTemplate.builder("p")
                        .partial("kept", "y")
                        .partial("new", "x")
                        .system("a")
                        .user("c")
                        .parameters(ModelParameters.builder()
                                .temperature(0.5)
                                .stopSequences("END")
                                .build())
                        .build());

        assertThat(comparison.changes())
                .map(PromptComparison.Change::toString)
                .containsExactly(
                        "COMPATIBLE: message 2: its text changed",
                        "COMPATIBLE: partial 'kept': its text changed",
                        "COMPATIBLE: partial 'new': it was added",
                        "COMPATIBLE: partial 'old': it was removed",
                        "COMPATIBLE: parameter 'temperature': it changed from unset to 0.5",
                        "COMPATIBLE: parameter 'stopSequences': it changed from [] to [END]");
        assertThat(comparison.versionBump()).isEqualTo(VersionBump.PATCH);
    }

    @Test
    void knowsWhatVariablesMeanForWhoGivesTheirValues() {
        PromptVariable x = PromptVariable.text("x");
        assertChange(null, x, "BREAKING: variable 'x': a required variable was added");
        assertChange(null, x.withDefault(""), "BACKWARD_COMPATIBLE: variable 'x': an optional variable was added");
        assertChange(x, null, "BREAKING: variable 'x': it was removed, and a value that is given for it is refused");
        assertChange(x.withDefault(""), x, "BREAKING: variable 'x': its default was removed, so it is required");
        assertChange(x, x.withDefault(""), "BACKWARD_COMPATIBLE: variable 'x': it has a default now");
        assertChange(x.withDefault("a"), x.withDefault("b"), "COMPATIBLE: variable 'x': its default changed");
        assertChange(x.trusted(), x, "COMPATIBLE: variable 'x': its text is DEFUSED and no longer TRUSTED");
        assertChange(x, PromptVariable.number("x"), "BREAKING: variable 'x': its type changed from TEXT to NUMBER");
        assertChange(
                PromptVariable.number("x"),
                x,
                "BACKWARD_COMPATIBLE: variable 'x': its type changed from NUMBER to TEXT");
        assertChange(
                PromptVariable.number("x"),
                x.maxLength(3),
                "BREAKING: variable 'x': its type changed from NUMBER to TEXT");
        assertChange(
                PromptVariable.list("x"),
                PromptVariable.list("x", PromptVariable.text("y")),
                "BREAKING: variable 'x': its type changed from LIST to LIST");
        assertChange(
                PromptVariable.list("x", PromptVariable.text("y")),
                PromptVariable.list("x", PromptVariable.text("y"), PromptVariable.text("z")),
                "BREAKING: variable 'x.z': a required variable was added");
    }

    @Test
    void knowsNarrowedFromWidenedLimits() {
        PromptVariable x = PromptVariable.text("x");
        PromptVariable n = PromptVariable.number("x");
        PromptVariable list = PromptVariable.list("x");
        assertBothWays(x.maxLength(9), x.maxLength(8), "greatest length");
        assertBothWays(x, x.maxLength(8), "greatest length");
        assertBothWays(list.maxItems(9), list.maxItems(8), "greatest number of items");
        assertBothWays(n.between(0, 9), n.between(0, 8), "greatest value");
        assertBothWays(n.between(0, 9), n.between(1, 9), "smallest value");
        assertChange(
                x,
                x.matching("a"),
                "BREAKING: variable 'x': its pattern changed, and a text that matched may not match now");
        assertChange(x.matching("a"), x, "BACKWARD_COMPATIBLE: variable 'x': its pattern was removed");
        assertChange(
                PromptVariable.oneOf("x", "a", "b"),
                PromptVariable.oneOf("x", "b", "c"),
                "BREAKING: variable 'x': its choice has no longer a");
        assertChange(
                PromptVariable.oneOf("x", "a"),
                PromptVariable.oneOf("x", "b", "a"),
                "BACKWARD_COMPATIBLE: variable 'x': its choice grew");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | {} | BACKWARD_COMPATIBLE: output schema: it was added",
                "{} | `` | BREAKING: output schema: it was removed, so the answer is free text",
                "{'properties':{'a':{}}} | {} | BREAKING: output property 'a': it was removed",
                "{} | {'properties':{'a':{}}} | BACKWARD_COMPATIBLE: output property 'a': it was added",
                "{'properties':{'a':{'type':'string'}}} | {'properties':{'a':{'type':'integer'}}} | BREAKING: output property 'a': its type changed from string to integer",
                "{'properties':{'a':{}},'required':['a']} | {'properties':{'a':{}}} | BREAKING: output property 'a': it is no longer required, and code that reads it may not find it",
                "{'properties':{'a':{}}} | {'properties':{'a':{}},'required':['a']} | BACKWARD_COMPATIBLE: output property 'a': it is required now",
                "{'items':{'properties':{'a':{}}}} | {'items':{}} | BREAKING: output property '[].a': it was removed",
                "{'properties':{'o':{'properties':{'a':{'type':'string'}}}}} | {'properties':{'o':{'properties':{'a':{}}}}} | BREAKING: output property 'o.a': its type changed from string to any",
                "{'enum':['a']} | {'enum':['a','b']} | BREAKING: output schema: its enum may have values that it had not before",
                "{'enum':['a','b']} | {'enum':['a']} | COMPATIBLE: output schema: its enum has fewer values",
                "{'additionalProperties':false} | {} | BACKWARD_COMPATIBLE: output schema: it may have properties that it does not name",
                "{'properties':{'a':{}}} | {'properties':{'a':{'additionalProperties':false}}} | COMPATIBLE: output property 'a': it has only the properties that it names now",
                "{'additionalProperties':{}} | {} | BREAKING: output schema: its keyword 'additionalProperties' changed, and what that allows is not computed",
                "{'minLength':1} | {'minLength':2} | BREAKING: output schema: its keyword 'minLength' changed, and what that allows is not computed"
            })
    void knowsWhatASchemaMeansForWhoReadsTheAnswer(String before, String after, String change) {
        PromptComparison comparison = PromptComparison.of(schema(before), schema(after));

        assertThat(comparison.changes()).map(PromptComparison.Change::toString).containsExactly(change);
    }

    @Test
    void ignoresWordsAboutASchema() {
        assertThat(PromptComparison.of(
                                schema("{'description':'a','properties':{'a':{'title':'b'}}}"),
                                schema("{'description':'b','properties':{'a':{'title':'c'}}}"))
                        .changes())
                .isEmpty();
    }

    @Test
    void refusesASchemaThatIsNoJson() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PromptComparison.of(schema("{"), schema("{}")))
                .withMessage("prompt 'p': the output schema is no JSON; correct it or take StructuredOutput's");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PromptComparison.of(schema("{}"), schema("true")))
                .withMessage("prompt 'p': the output schema is no JSON object; write it as one or take"
                        + " StructuredOutput's");
    }

    @Test
    void callsAnotherOrderOfRolesBreaking() {
        PromptComparison comparison = PromptComparison.of(
                ChatPromptTemplate.builder("p").system("a").history().user("b").build(),
                ChatPromptTemplate.builder("p").system("a").user("b").history().build());

        assertThat(comparison.changes())
                .map(PromptComparison.Change::toString)
                .containsExactly(
                        "BREAKING: messages: their order changed from SYSTEM, place for HISTORY, USER to SYSTEM,"
                                + " USER, place for HISTORY, and histories and examples that fitted may not fit now");
        assertThat(comparison.versionBump()).isEqualTo(VersionBump.MAJOR);
    }

    @Test
    void callsAVariableThatIsRemovedThoughUsedBreaking() {
        PromptComparison comparison = PromptComparison.of(
                ChatPromptTemplate.builder("p")
                        .variable(PromptVariable.text("tone"))
                        .user("Be {{tone}}: {{question}}")
                        .build(),
                ChatPromptTemplate.builder("p")
                        .user("Be {{tone}}: {{question}}")
                        .build());

        assertThat(comparison.changes())
                .map(PromptComparison.Change::toString)
                .containsExactly(
                        "BREAKING: variable 'tone': it was removed, and a value that is given for it is refused",
                        "BREAKING: template: it cannot be rendered: prompt 'p', message 1, line 1: the placeholder"
                                + " 'tone' is not declared; declare it with variable(...) or correct the name");
        assertThat(comparison.versionBump()).isEqualTo(VersionBump.MAJOR);
    }

    @Test
    void callsAPlaceholderThatWasNeverDeclaredBreaking() {
        assertThat(PromptComparison.of(template(b -> b), template(b -> b.user("{{qestion}}")))
                        .changes())
                .map(PromptComparison.Change::toString)
                .contains("BREAKING: template: it cannot be rendered: prompt 'p', message 2, line 1: the placeholder"
                        + " 'qestion' is not declared (did you mean 'question'?); declare it with variable(...) or"
                        + " correct the name");
    }

    @Test
    void showsTheTextsThatChanged() {
        String rest = "\nCite them as [1].\nSay when <none> answers.\n{{passages}}";
        PromptComparison comparison = PromptComparison.of(
                ChatPromptTemplate.builder("p")
                        .partial("style", "Be kind.")
                        .system("Answer from the passages." + rest)
                        .history()
                        .user("{{question}}")
                        .build(),
                ChatPromptTemplate.builder("p")
                        .partial("style", "Be kind and short.")
                        .system("Answer from the passages only." + rest)
                        .history()
                        .user("{{question}}")
                        .build());

        assertThat(comparison.texts())
                .map(PromptComparison.TextChange::place)
                .containsExactly("message 1", "partial 'style'");
        assertThat(comparison.texts().get(0).unifiedDiff())
                .containsExactly(
                        "--- message 1",
                        "+++ message 1",
                        "@@ -1,4 +1,4 @@",
                        "-Answer from the passages.",
                        "+Answer from the passages only.",
                        " Cite them as [1].",
                        " Say when <none> answers.",
                        " {{passages}}");
        assertThat(comparison.texts().get(0).wordDiff())
                .containsExactly(
                        "Answer from the passages{+ only+}.",
                        "Cite them as [1].",
                        "Say when <none> answers.",
                        "{{passages}}");
        assertThat(comparison.tokens().before()).isBetween(20, 60);
        assertThat(comparison.tokens().after())
                .isGreaterThan(comparison.tokens().before());
    }

    @Test
    void pairsMessagesWhenSomeAreAddedAndRemoved() {
        PromptComparison comparison = PromptComparison.of(
                ChatPromptTemplate.builder("p")
                        .system("old rules")
                        .system("more")
                        .user("{{question}}")
                        .build(),
                ChatPromptTemplate.builder("p")
                        .system("new rules")
                        .history()
                        .user("{{question}}")
                        .assistant("Sure:")
                        .build());

        assertThat(comparison.texts())
                .containsExactly(
                        new PromptComparison.TextChange("message 1", "old rules", "new rules"),
                        new PromptComparison.TextChange("message 2 before", "more", ""),
                        new PromptComparison.TextChange("message 4", "", "Sure:"));
        assertThat(comparison.texts().get(2).unifiedDiff())
                .containsExactly("--- message 4", "+++ message 4", "@@ -1,0 +1,1 @@", "+Sure:");
        assertThat(comparison.texts().get(1).wordDiff()).containsExactly("[-more-]");
    }

    @Test
    void countsTokensWithAGivenEstimator() {
        PromptComparison comparison = PromptComparison.of(
                template(b -> b),
                template(b -> b.partial("style", "Be kind.").outputSchema("{}")),
                new OpenAiTokenCountEstimator("gpt-4o"));

        assertThat(comparison.tokens()).isEqualTo(new PromptComparison.Tokens(3, 7));
    }

    @ParameterizedTest
    @MethodSource("dev.llmlifecycle.api.Seeds#some")
    void showsAllOfBothTextsWhateverTheyAre(SplittableRandom random) {
        String[] pieces = {"a b", "a  c", "\n", "\r\n", "<b>", "&amp;", "\t", "[-", "+}", "{{question}}", "日本", "."};
        PromptComparison.TextChange change = new PromptComparison.TextChange(
                "message 1", Seeds.text(random, 12, pieces), Seeds.text(random, 12, pieces));
        List<String> before = change.before().lines().toList();
        List<String> after = change.after().lines().toList();

        List<String> unified = change.unifiedDiff();

        assertThat(unified.isEmpty()).isEqualTo(before.equals(after));
        assertThat(unified.stream().skip(3).filter(line -> line.startsWith("-")))
                .allMatch(line -> before.contains(line.substring(1)));
        assertThat(unified.stream().skip(3).filter(line -> line.startsWith("+")))
                .allMatch(line -> after.contains(line.substring(1)));
        String words = String.join("\n", change.wordDiff()).replaceAll("\\[-|-]|\\{\\+|\\+}", "");
        assertThat(after.stream().flatMap(line -> Stream.of(line.split("[^a-c]+", -1))))
                .allMatch(words::contains);
    }

    private static void assertBothWays(PromptVariable wide, PromptVariable narrow, String what) {
        assertChange(wide, narrow, "BREAKING: variable 'x': its " + what + " was narrowed");
        assertChange(narrow, wide, "BACKWARD_COMPATIBLE: variable 'x': its " + what + " was widened");
    }

    private static void assertChange(@Nullable PromptVariable before, @Nullable PromptVariable after, String change) {
        PromptComparison comparison = PromptComparison.of(
                template(b -> before == null ? b : b.variable(before)),
                template(b -> after == null ? b : b.variable(after)));

        assertThat(comparison.changes()).map(PromptComparison.Change::toString).containsExactly(change);
    }

    static ChatPromptTemplate schema(String schema) {
        return template(b -> schema.isBlank() ? b : b.outputSchema(schema.replace('\'', '"')));
    }

    private static ChatPromptTemplate template(UnaryOperator<ChatPromptTemplate.Builder> change) {
        return change.apply(ChatPromptTemplate.builder("p").user("{{question}}"))
                .build();
    }
}
