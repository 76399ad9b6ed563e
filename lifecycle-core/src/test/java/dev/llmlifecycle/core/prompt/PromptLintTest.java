package dev.llmlifecycle.core.prompt;

import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.ModelParameters;
import dev.llmlifecycle.api.prompt.PromptVariable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

final class PromptLintTest {

    @Test
    void hasNothingToSayOfAPromptInOrder() {
        ChatPromptTemplate template = ChatPromptTemplate.builder("p")
                .variable(PromptVariable.text("shop").trusted())
                .variable(PromptVariable.text("mail").delimited().maxLength(5_000))
                .variable(PromptVariable.list("orders", PromptVariable.number("total"))
                        .maxItems(20))
                .partial("rules", "Answer as JSON for {{shop}}. {{> tone}}")
                .partial("tone", "Be kind.")
                .system("{{> rules}}{{#orders}}{{total}}{{/orders}}\n{{passages}}")
                .user("{{mail}}\n{{question}}")
                .outputSchema("{\"type\": \"object\"}")
                .parameters(ModelParameters.builder()
                        .temperature(0)
                        .maxOutputTokens(200)
                        .stopSequences("<END>")
                        .build())
                .build();

        assertThat(PromptLint.of(template)).isEmpty();
    }

    @Test
    void findsWhatNothingUses() {
        assertHints(
                ChatPromptTemplate.builder("p")
                        .variable(PromptVariable.number("stars"))
                        .partial("rules", "{{> tone}}")
                        .partial("tone", "Be kind.")
                        .user("{{question}}")
                        .build(),
                "UNUSED: variable 'stars': it is declared and stands nowhere; use or remove it",
                "UNUSED: partial 'rules': it is put in nowhere; use or remove it",
                "UNUSED: partial 'tone': it is put in nowhere; use or remove it");
    }

    @Test
    void findsForeignTextWithoutALimit() {
        assertHints(
                ChatPromptTemplate.builder("p")
                        .variable(PromptVariable.text("mail"))
                        .variable(PromptVariable.list("tags").maxLength(20))
                        .variable(PromptVariable.list("orders", PromptVariable.text("id"))
                                .maxItems(2))
                        .user("{{mail}}{{#tags}}{{.}}{{/tags}}{{#orders}}{{id}}{{/orders}}")
                        .build(),
                "UNBOUNDED: variable 'mail': it takes foreign text of any length; set maxLength or declare it trusted",
                "UNBOUNDED: variable 'tags': it takes any number of items; set maxItems",
                "UNBOUNDED: variable 'orders.id': it takes foreign text of any length; set maxLength or declare it"
                        + " trusted");
    }

    @Test
    void findsForeignTextAmongTheInstructions() {
        assertHints(
                ChatPromptTemplate.builder("p")
                        .variable(PromptVariable.text("name").maxLength(80))
                        .system("You help {{name}}. Again: {{name}}.")
                        .user("{{name}}: {{question}}")
                        .build(),
                "FOREIGN_TEXT_IN_SYSTEM: message 1: the foreign text of 'name' stands among the instructions; declare"
                        + " it delimited, datamarked or trusted, or move it to a user message");
    }

    @Test
    void findsParametersThatWorkAgainstEachOther() {
        assertHints(
                ChatPromptTemplate.builder("p")
                        .user("Answer as JSON: {{question}}")
                        .build(),
                "NO_OUTPUT_SCHEMA: output schema: the messages speak of JSON and there is none; set it");
        assertHints(
                ChatPromptTemplate.builder("p")
                        .user("{{question}}")
                        .outputSchema("{}")
                        .parameters(ModelParameters.builder()
                                .temperature(0.5)
                                .topP(0.9)
                                .maxOutputTokens(15)
                                .stopSequences("END", "\n\n")
                                .build())
                        .build(),
                "CONTRADICTION: parameter 'topP': temperature is set as well, and both narrow the same choice; set one",
                "CONTRADICTION: parameter 'maxOutputTokens': 15 tokens hardly hold JSON of the output schema; allow"
                        + " more",
                "CONTRADICTION: parameter 'stopSequences': one of them may stand inside JSON and cut it short; remove"
                        + " it");
    }

    @Test
    void leavesWhatCannotBeRenderedToTheCheck() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PromptLint.of(
                        ChatPromptTemplate.builder("p").user("{{qestion}}").build()))
                .withMessageContaining("the placeholder 'qestion' is not declared");
    }

    private static void assertHints(ChatPromptTemplate template, String... hints) {
        assertThat(PromptLint.of(template)).map(PromptLint.Hint::toString).containsExactly(hints);
    }
}
