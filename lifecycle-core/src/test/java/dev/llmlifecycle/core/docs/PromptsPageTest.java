package dev.llmlifecycle.core.docs;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.PromptRegistry;
import dev.llmlifecycle.api.prompt.PromptVariable;
import dev.llmlifecycle.api.prompt.PromptVersion;
import dev.llmlifecycle.core.prompt.FilePromptRegistry;
import dev.llmlifecycle.core.prompt.PromptComparison;
import dev.llmlifecycle.core.prompt.PromptLint;
import dev.llmlifecycle.core.prompt.PromptRenderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** The snippets of docs/prompts.md. */
final class PromptsPageTest {

    @TempDir
    private Path directory;

    @Test
    void rendersATemplate() {
        // docs:begin render
        ChatPromptTemplate template = ChatPromptTemplate.builder("support-answer")
                .variable(PromptVariable.text("product"))
                .variable(PromptVariable.bool("brief").withDefault("false"))
                .system("You answer questions about {{product}} from these passages only:\n{{passages}}"
                        + "{{#brief}}\nAnswer in one sentence.{{/brief}}")
                .history()
                .user("{{question}}")
                .build();

        List<ChatMessage> messages = new PromptRenderer()
                .render(
                        template,
                        Map.of(
                                "product", "Acme Shop",
                                "brief", true,
                                "passages", "[1] Refunds take five days.",
                                "question", "How long does a refund take?"),
                        List.of(),
                        List.of());
        // docs:end render

        assertThat(messages)
                .containsExactly(
                        SystemMessage.from("You answer questions about Acme Shop from these passages only:\n"
                                + "[1] Refunds take five days.\nAnswer in one sentence."),
                        UserMessage.from("How long does a refund take?"));
    }

    @Test
    void repeatsOrders() {
        // docs:begin orders
        record Order(String id, double total) {}

        ChatPromptTemplate template = ChatPromptTemplate.builder("order-mail")
                .variable(PromptVariable.oneOf("tone", "formal", "friendly").withDefault("friendly"))
                .variable(PromptVariable.list("orders", PromptVariable.text("id"), PromptVariable.number("total"))
                        .maxItems(20))
                .variable(PromptVariable.text("mail").delimited().maxLength(5_000))
                .partial("style", "Write in a {{tone}} tone, at most five sentences.")
                .system("Answer the mail. {{> style}}\nThe customer's orders:\n"
                        + "{{#orders}}{{-index}}. {{id}}, {{total}} EUR\n{{/orders}}{{^orders}}none\n{{/orders}}")
                .user("{{mail}}")
                .build();

        List<ChatMessage> messages = new PromptRenderer()
                .render(
                        template,
                        Map.of(
                                "orders",
                                List.of(new Order("A-17", 39.5), new Order("A-18", 12)),
                                "mail",
                                "Where are my shoes?"),
                        List.of(),
                        List.of());
        // docs:end orders

        assertThat(messages)
                .containsExactly(
                        SystemMessage.from(
                                "Answer the mail. Write in a friendly tone, at most five sentences.\nThe customer's"
                                        + " orders:\n1. A-17, 39.5 EUR\n2. A-18, 12.0 EUR\n"),
                        UserMessage.from("<mail>\nWhere are my shoes?\n</mail>"));
    }

    @Test
    void keepsVersions() {
        // docs:begin registry
        PromptRegistry prompts =
                FilePromptRegistry.builder(directory.resolve("prompts")).build();

        PromptVersion first = prompts.register(
                ChatPromptTemplate.builder("support-answer")
                        .system("Answer from the passages only.\n{{passages}}")
                        .user("{{question}}")
                        .build(),
                "ada",
                "first version");
        PromptVersion second = prompts.register(
                ChatPromptTemplate.builder("support-answer")
                        .system("Answer from the passages only and cite them as [1], [2].\n{{passages}}")
                        .user("{{question}}")
                        .build(),
                "ada",
                "ask for citations");

        prompts.label("support-answer", "reviewed", first.number());
        prompts.label("support-answer", "draft", second.number());
        // docs:end registry

        assertThat(prompts.history("support-answer")).containsExactly(first, second);
        assertThat(prompts.labelled("support-answer", "draft")).contains(second);
    }

    @Test
    void hasNoHints() {
        ChatPromptTemplate template = ChatPromptTemplate.builder("support-answer")
                .system("Answer from the passages only.\n{{passages}}")
                .user("{{question}}")
                .build();

        // docs:begin lint
        assertThat(PromptLint.of(template)).isEmpty();
        // docs:end lint
    }

    @Test
    void comparesVersions() {
        ChatPromptTemplate before = ChatPromptTemplate.builder("order-mail")
                .variable(PromptVariable.oneOf("tone", "formal", "friendly"))
                .user("Answer in a {{tone}} tone: {{question}}")
                .build();
        ChatPromptTemplate after = ChatPromptTemplate.builder("order-mail")
                .variable(PromptVariable.oneOf("tone", "formal"))
                .variable(PromptVariable.text("shop").withDefault("Acme"))
                .user("Answer for {{shop}} in a {{tone}} tone: {{question}}")
                .build();

        // docs:begin compare
        PromptComparison comparison = PromptComparison.of(before, after);

        comparison.versionBump(); // MAJOR
        comparison.changes().forEach(System.out::println);
        // BACKWARD_COMPATIBLE: variable 'shop': an optional variable was added
        // BREAKING: variable 'tone': its choice has no longer friendly
        // COMPATIBLE: message 1: its text changed
        // docs:end compare

        assertThat(comparison.versionBump()).isEqualTo(PromptComparison.VersionBump.MAJOR);
        assertThat(comparison.changes())
                .map(PromptComparison.Change::toString)
                .containsExactly(
                        "BACKWARD_COMPATIBLE: variable 'shop': an optional variable was added",
                        "BREAKING: variable 'tone': its choice has no longer friendly",
                        "COMPATIBLE: message 1: its text changed");
    }

    @Test
    void showsMistakesEarly() {
        ChatPromptTemplate template =
                ChatPromptTemplate.builder("support-answer").user("{{qestion}}").build();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> PromptRenderer.check(template))
                .withMessage("prompt 'support-answer', message 1, line 1: the placeholder 'qestion' is not declared"
                        + " (did you mean 'question'?); declare it with variable(...) or correct the name");
    }
}
