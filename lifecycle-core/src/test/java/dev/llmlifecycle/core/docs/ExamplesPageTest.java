package dev.llmlifecycle.core.docs;

import java.util.ArrayList;
import java.util.List;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.service.AiServices;
import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.data.Dataset;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.data.Provenance;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.monitoring.Step;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.core.app.LlmApp;
import dev.llmlifecycle.core.examples.ExampleOrder;
import dev.llmlifecycle.core.examples.Leak;
import dev.llmlifecycle.core.examples.LeakageGuard;
import dev.llmlifecycle.core.examples.OrderScorer;
import dev.llmlifecycle.core.examples.PooledExampleSelector;
import dev.llmlifecycle.core.examples.Selection;
import dev.llmlifecycle.core.examples.SelectionStrategy;
import dev.llmlifecycle.core.langchain4j.FewShotExamples;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

/** The snippets of docs/examples.md. */
final class ExamplesPageTest {

    private final EmbeddingModel embeddingModel = new Letters();
    private final Billing model = new Billing();
    private final Dataset pool = Dataset.builder("departments")
            .add(example("t-1", "Where is my refund?", "billing"))
            .add(example("t-2", "I was charged twice.", "billing"))
            .add(example("t-3", "My parcel has not arrived.", "delivery"))
            .add(example("t-4", "The parcel is damaged.", "delivery"))
            .add(example("t-5", "How do I log in?", "account"))
            .build();
    private final Dataset validation = Dataset.builder("validation")
            .add(example("v-1", "The refund is late.", "billing"))
            .build();
    private final Dataset evaluation = Dataset.builder("evaluation")
            .add(example("q-1", "where is my REFUND", "billing"))
            .build();

    private static Example example(String id, String input, String department) {
        return Example.builder(id, input)
                .expected(department)
                .label("department", department)
                .provenance(new Provenance("support desk", "CC0-1.0"))
                .build();
    }

    interface Assistant {
        String department(String mail);
    }

    @Test
    void showsExamplesInAnApplication() {
        // docs:begin app
        PooledExampleSelector examples = PooledExampleSelector.builder(pool)
                .embeddings(Identity.of("all-MiniLM-L6-v2", "1"), embeddingModel)
                .strategy(SelectionStrategy.knapsack())
                .tokenBudget(60)
                .build();
        ChatPromptTemplate template = ChatPromptTemplate.builder("department")
                .system("Name the department that a mail is for.")
                .examples()
                .user("{{question}}")
                .build();

        try (LlmApp app = LlmApp.builder()
                .model(Identity.of("gpt-4o-mini", "2024-07-18"), model)
                .prompt(template)
                .examples(examples)
                .build()) {
            Answer answer = app.ask("My refund has not arrived.");
            show(answer.orElseThrow());
        }

        Selection selection = examples.explain("My refund has not arrived.");
        selection.selected(); // each with rank, relevance, gain and tokens
        selection.rivals(); // what was nearest of the others, and whether it would have fitted
        selection.tokens(); // at most 60
        // docs:end app

        assertThat(selection.tokens()).isBetween(20, 60);
        List<ChatMessage> asked = model.asked.get(0);
        assertThat(asked).hasSize(2 + 2 * selection.selected().size());
        assertThat(asked.get(0)).isInstanceOf(SystemMessage.class);
        assertThat(asked.get(1))
                .isEqualTo(UserMessage.from(selection.examples().get(0).input()));
    }

    @Test
    void theInteractionNamesTheExamples() {
        PooledExampleSelector examples = PooledExampleSelector.builder(pool)
                .strategy(SelectionStrategy.fixed("t-5", "t-1"))
                .build();
        try (LlmApp app = LlmApp.builder()
                .model(Identity.of("scripted", "1"), model)
                .prompt(ChatPromptTemplate.builder("department")
                        .examples()
                        .user("{{question}}")
                        .build())
                .examples(examples)
                .build()) {
            Answer answer = app.ask("My refund has not arrived.");
            assertThat(answer.interaction().steps())
                    .filteredOn(step -> step.type().equals("render"))
                    .extracting(Step::attributes)
                    .allSatisfy(attributes -> assertThat(attributes).containsEntry("examples", "t-5 t-1"))
                    .hasSize(1);
        }
    }

    @Test
    void changesThePool() {
        PooledExampleSelector examples = PooledExampleSelector.builder(pool)
                .embeddings(Identity.of("all-MiniLM-L6-v2", "1"), embeddingModel)
                .build();
        // docs:begin changes
        examples.add(Example.builder("t-6", "You took my money twice!")
                .expected("billing")
                .provenance(new Provenance("ticket 4711", "internal"))
                .build());
        examples.erase("t-2"); // a user's deletion request; from the next question on it is gone
        examples.eraseIf(example -> example.provenance().licence().equals("internal"));

        examples.pool().hash(); // of the examples as they are now
        PooledExampleSelector next = examples.renewed(); // for a new release; nothing is embedded again
        // docs:end changes

        assertThat(examples.pool().examples()).extracting(Example::id).containsExactly("t-1", "t-3", "t-4", "t-5");
        assertThat(next.identity()).isNotEqualTo(examples.identity());
    }

    @Test
    void guardsAnEvaluation() {
        // docs:begin guard
        PooledExampleSelector examples = PooledExampleSelector.builder(pool)
                .embeddings(Identity.of("all-MiniLM-L6-v2", "1"), embeddingModel)
                .guard(LeakageGuard.builder(evaluation)
                        .textSimilarity(0.8)
                        .meaningSimilarity(0.97)
                        .build())
                .build();

        examples.refused(); // t-1, EQUAL to q-1
        examples.leaked(); // counts by kind
        // docs:end guard

        assertThat(examples.refused())
                .extracting(
                        refused -> refused.example().id(),
                        refused -> refused.leak().kind())
                .containsExactly(tuple("t-1", Leak.Kind.EQUAL));
        assertThat(examples.leaked()).containsEntry(Leak.Kind.EQUAL, 1L);
    }

    @Test
    void learnsAnOrder() {
        OrderScorer scorer =
                (row, shown) -> shown.get(shown.size() - 1).expected().equals(row.expected()) ? 1 : 0;
        // docs:begin order
        PooledExampleSelector examples = PooledExampleSelector.builder(pool)
                .strategy(SelectionStrategy.labelBalanced("department"))
                .learnOrder(
                        validation,
                        scorer, // asks the model and compares, for instance
                        ExampleOrder.mostRelevantLast(),
                        ExampleOrder.mostRelevantFirst(),
                        ExampleOrder.alternatingLabels("department"))
                .build();

        examples.order(); // the best of the three
        examples.orderScores(); // how each did
        // docs:end order

        assertThat(examples.order()).isEqualTo(ExampleOrder.mostRelevantLast());
        assertThat(examples.orderScores()).hasSize(3);
    }

    @Test
    void showsExamplesInAiServices() {
        PooledExampleSelector examples =
                PooledExampleSelector.builder(pool).atMost(2).build();
        // docs:begin services
        Assistant assistant = AiServices.builder(Assistant.class)
                .chatModel(model)
                .chatRequestTransformer(FewShotExamples.of(examples).asMessages())
                .build();
        // docs:end services

        assertThat(assistant.department("the refund is late")).isEqualTo("billing");
        assertThat(model.asked.get(0)).hasSize(5);
    }

    private static void show(String department) {
        assertThat(department).isEqualTo("billing");
    }

    /** Says billing, and keeps what it was asked. */
    private static final class Billing implements ChatModel {

        private final List<List<ChatMessage>> asked = new ArrayList<>();

        @Override
        public ChatResponse doChat(ChatRequest request) {
            asked.add(List.copyOf(request.messages()));
            return ChatResponse.builder().aiMessage(AiMessage.from("billing")).build();
        }
    }

    /** Counts letters. */
    private static final class Letters implements EmbeddingModel {

        @Override
        public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
            return Response.from(segments.stream()
                    .map(segment -> {
                        float[] counts = new float[32];
                        segment.text().chars().forEach(letter -> counts[letter % 32]++);
                        return Embedding.from(counts);
                    })
                    .toList());
        }
    }
}
