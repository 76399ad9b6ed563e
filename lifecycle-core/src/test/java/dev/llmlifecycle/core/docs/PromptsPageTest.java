package dev.llmlifecycle.core.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.OpenAiTokenCountEstimator;
import dev.langchain4j.model.output.structured.Description;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.PromptRegistry;
import dev.llmlifecycle.api.prompt.PromptVariable;
import dev.llmlifecycle.api.prompt.PromptVersion;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.core.app.LlmApp;
import dev.llmlifecycle.core.prompt.Dotprompt;
import dev.llmlifecycle.core.prompt.DotpromptFiles;
import dev.llmlifecycle.core.prompt.FilePromptRegistry;
import dev.llmlifecycle.core.prompt.FittedPrompt;
import dev.llmlifecycle.core.prompt.PromptBudget;
import dev.llmlifecycle.core.prompt.PromptComparison;
import dev.llmlifecycle.core.prompt.PromptContext;
import dev.llmlifecycle.core.prompt.PromptLint;
import dev.llmlifecycle.core.prompt.PromptRenderer;
import dev.llmlifecycle.core.prompt.StructuredOutput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** The snippets of docs/prompts.md. */
final class PromptsPageTest {

    @TempDir
    private Path directory;

    private final List<Object> shown = new ArrayList<>();

    private void show(Object value) {
        shown.add(value);
    }

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
    void readsAnswersAsRecords() {
        ScriptedAnswers model = new ScriptedAnswers("{\"summary\": \"Refund is late\", \"urgency\": \"HIGH\"}");

        // docs:begin record
        enum Urgency {
            LOW,
            HIGH
        }

        record Ticket(@Description("one sentence") String summary, Urgency urgency, Optional<LocalDate> due) {}

        StructuredOutput<Ticket> tickets = StructuredOutput.of(Ticket.class);
        ChatPromptTemplate template = ChatPromptTemplate.builder("ticket")
                .system("Make a ticket of the mail.")
                .user("{{question}}")
                .outputSchema(tickets.jsonSchema())
                .build();

        try (LlmApp app = LlmApp.builder()
                .model(Identity.of("gpt-4o-mini", "2024-07-18"), model)
                .prompt(template)
                .outputValidator(tickets.validator())
                .build()) {
            Ticket ticket = tickets.read(app.ask("Where is my refund?").orElseThrow());
            show(ticket.urgency());
        }
        // docs:end record

        assertThat(shown).containsExactly(Urgency.HIGH);
    }

    @Test
    void keepsToABudget() {
        ChatPromptTemplate template = ChatPromptTemplate.builder("support-answer")
                .system("Answer from these passages:\n{{passages}}")
                .history()
                .user("{{question}}")
                .build();
        List<Passage> passages = IntStream.rangeClosed(1, 100)
                .mapToObj(i -> new Passage("p" + i, TextSegment.from("Refunds take five days. ".repeat(20)), 0.5))
                .toList();
        List<ChatMessage> history = List.of(UserMessage.from("Hello"), AiMessage.from("What can I do for you?"));
        List<Example> examples = List.of();

        // docs:begin budget
        PromptBudget budget = PromptBudget.builder(8_192)
                .estimator(Identity.of("o200k_base", "1"), new OpenAiTokenCountEstimator("gpt-4o"))
                .reserve(1_000)
                .keepAtLeast(PromptBudget.Kind.PASSAGES, 2)
                .build();

        FittedPrompt prompt = new PromptRenderer()
                .render(
                        template,
                        Map.of("question", "How long does a refund take?"),
                        new PromptContext(passages, history, examples),
                        budget);

        prompt.messages(); // at most 7,192 tokens
        prompt.leftOut(); // [LeftOut[kind=HISTORY, count=1, tokens=19], LeftOut[kind=PASSAGES, count=…, tokens=…]]
        // docs:end budget

        assertThat(prompt.tokens()).isBetween(6_900, 7_192);
        assertThat(prompt.leftOut()).first().isEqualTo(new FittedPrompt.LeftOut(PromptBudget.Kind.HISTORY, 1, 19));
        assertThat(prompt.leftOut()).hasSize(2);
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

        // docs:begin diff
        for (PromptComparison.TextChange text : comparison.texts()) {
            text.unifiedDiff().forEach(this::show);
            text.wordDiff().forEach(this::show); // Answer {+for {{shop}} +}in a {{tone}} tone: {{question}}
        }
        comparison.tokens(); // Tokens[before=12, after=17]
        // docs:end diff

        assertThat(shown)
                .startsWith("--- message 1", "+++ message 1")
                .endsWith("Answer {+for {{shop}} +}in a {{tone}} tone: {{question}}");
        assertThat(comparison.tokens()).hasToString("Tokens[before=12, after=17]");
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

    /** A model that says one thing. */
    private record ScriptedAnswers(String answer) implements ChatModel {

        @Override
        public ChatResponse doChat(ChatRequest request) {
            return ChatResponse.builder().aiMessage(AiMessage.from(answer)).build();
        }
    }

    @Test
    void dotprompt() throws IOException {
        Path file = directory.resolve("refunds.prompt");
        Files.writeString(
                file, "---\nmodel: googleai/gemini-1.5-flash\n---\n{{role \"system\"}}You work for {{shop}}.");
        // docs:begin dotprompt
        Dotprompt read = DotpromptFiles.read(file);
        ChatPromptTemplate template = read.template();
        Optional<String> model = read.model(); // a release names the model here
        List<String> unused = read.unused(); // such as config.topK

        DotpromptFiles.write(directory.resolve("copy.prompt"), template);
        // docs:end dotprompt
        assertThat(model).contains("googleai/gemini-1.5-flash");
        assertThat(unused).isEmpty();
        assertThat(DotpromptFiles.read(directory.resolve("copy.prompt"))
                        .template()
                        .parts())
                .isEqualTo(template.parts());
    }
}
