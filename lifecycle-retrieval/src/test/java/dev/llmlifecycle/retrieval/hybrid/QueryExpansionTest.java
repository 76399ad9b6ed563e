package dev.llmlifecycle.retrieval.hybrid;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.retrieval.Retrieval;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;
import dev.llmlifecycle.api.retrieval.Retriever;
import dev.llmlifecycle.retrieval.lexical.SpellingVocabulary;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static dev.langchain4j.store.embedding.filter.MetadataFilterBuilder.metadataKey;
import static dev.llmlifecycle.retrieval.hybrid.Fixed.passage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

@NullMarked
final class QueryExpansionTest {

    private static final Identity MODEL = Identity.of("chat", "1");
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final SpellingVocabulary WORDS =
            SpellingVocabulary.of(List.of("refunds take days", "refunds are free"));

    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final ConcurrentLinkedQueue<RetrievalRequest> asked = new ConcurrentLinkedQueue<>();

    /** Finds a passage named after the question, and one for all. */
    private final Retriever retriever = Fixed.answers(request -> {
        asked.add(request);
        return new Retrieval(List.of(passage(request.text(), "text", 0.9), passage("all", "text", 0.5)), "1");
    });

    @AfterEach
    void close() {
        executor.shutdownNow();
    }

    @Test
    @DisplayName("A corrected question takes the place of the original, which can be asked beside it")
    void correctsSpelling() {
        assertThat(ids(explain("refnuds", QueryTransformations.spelling(WORDS))))
                .containsExactly("refunds", "all");

        ExpansionExplanation explanation = QueryExpansion.builder(retriever, executor)
                .transformation(QueryTransformations.spelling(WORDS))
                .askOriginal()
                .build()
                .explain(RetrievalRequest.of("refnuds"));

        assertThat(explanation.asked())
                .containsExactly(
                        new ExpansionExplanation.AskedQuestion("refunds", "spelling", "1 words corrected"),
                        new ExpansionExplanation.AskedQuestion("refnuds", "original", "as it was asked"));
        assertThat(ids(explanation)).containsExactly("all", "refnuds", "refunds");
        assertThat(explanation.passages().get(0).passage().score()).isEqualTo(2.0 / 62, within(1e-12));
        assertThat(explanation.passages())
                .allSatisfy(fused -> assertThat(fused.contributions().stream()
                                .mapToDouble(HybridExplanation.Contribution::contribution)
                                .sum())
                        .isCloseTo(fused.passage().score(), within(1e-12)));
        assertThat(explanation.retrieval().snapshotId()).isEqualTo("1;spelling=" + WORDS.id());
    }

    @Test
    @DisplayName("A question with nothing to change keeps its passages with their scores")
    void leavesAGoodQuestionAlone() {
        ExpansionExplanation explanation =
                explain("refunds", QueryTransformations.spelling(WORDS), QueryTransformations.decomposition());

        assertThat(explanation.asked()).hasSize(1);
        assertThat(explanation.retrieval().passages())
                .isEqualTo(retriever.retrieve(RetrievalRequest.of("refunds")).passages());
    }

    @Test
    @DisplayName("Abbreviations are written out, as whole words in their own letters")
    void writesAbbreviationsOut() {
        QueryTransformation abbreviations =
                QueryTransformations.abbreviations(Map.of("SLA", "service level agreement", "KI", "Intelligenz"));

        assertThat(abbreviations.apply("Is the SLA, (SLA) or SLAs met?").questions())
                .containsExactly("Is the SLA (service level agreement), (SLA (service level agreement)) or SLAs met?");
        assertThat(abbreviations.apply("sla KI").questions()).containsExactly("sla KI (Intelligenz)");
        assertThat(abbreviations.apply("nothing \uD83D\uDE00 here").questions()).isEmpty();
        assertThat(abbreviations.apply("").questions()).isEmpty();
    }

    @Test
    @DisplayName("Compound questions come apart at marks of question and at 'and' before a question")
    void takesQuestionsApart() {
        assertThat(Decomposition.parts("How long does a refund take, and who pays the postage?"))
                .containsExactly("How long does a refund take?", "who pays the postage?");
        assertThat(Decomposition.parts("When do you ship? Where from?"))
                .containsExactly("When do you ship?", "Where from?");
        assertThat(Decomposition.parts("Wie lange dauert das und was kostet der Versand?"))
                .containsExactly("Wie lange dauert das?", "was kostet der Versand?");
        assertThat(Decomposition.parts("Wie lange dauert das und wann kommt das Paket?"))
                .containsExactly("Wie lange dauert das?", "wann kommt das Paket?");
        for (String single : List.of(
                "What are terms and conditions?",
                "Black and white?",
                "??",
                "and",
                "",
                "a? ".repeat(9),
                "How is it and how? ".repeat(6_000),
                "退款需要多久？")) {
            assertThat(Decomposition.parts(single)).isEmpty();
        }
    }

    @Test
    @DisplayName("A model's questions and its passage are asked beside the question")
    void asksAModel() {
        ExpansionExplanation explanation = explain(
                "refund?",
                QueryTransformations.multiQuery(
                        chat(text -> "[\"money back?\", \"return of payment?\"]"), MODEL, 3, LONG),
                QueryTransformations.hyde(chat(text -> " Refunds take five days. "), MODEL, LONG));

        assertThat(explanation.asked())
                .extracting(ExpansionExplanation.AskedQuestion::text)
                .containsExactly("refund?", "money back?", "return of payment?", "Refunds take five days.");
        assertThat(explanation.dropped()).isEmpty();
        assertThat(ids(explanation)).startsWith("all").hasSize(5);
    }

    @Test
    @DisplayName("An answer that is not what was asked for is dropped and named, without its text")
    void dropsWrongAnswers() {
        for (String answer : List.of(
                "Here you are: [\"secret\"]",
                "[\"secret\"] and more",
                "[]",
                "[\"secret\", 5]",
                "[\"secret\", \"b\", \"c\"]",
                "[\" \"]",
                "[[\"secret\"]]",
                "{\"secret\": 1}",
                "[\"secret",
                "[\"" + "secret".repeat(500) + "\"]",
                "")) {
            ExpansionExplanation explanation =
                    explain("refund?", QueryTransformations.multiQuery(chat(text -> answer), MODEL, 2, LONG));

            assertThat(ids(explanation)).containsExactly("refund?", "all");
            assertThat(explanation.dropped()).hasSize(1);
            assertThat(explanation.dropped().get(0).source()).isEqualTo("multi-query");
            assertThat(explanation.dropped().get(0).reason()).contains("chat:1").doesNotContain("secret");
            assertThat(explanation.retrieval().snapshotId()).isEqualTo("1;without=multi-query");
        }
        for (String answer : List.of(" ", "x".repeat(4_001))) {
            assertThat(explain("refund?", QueryTransformations.hyde(chat(text -> answer), MODEL, LONG))
                            .dropped())
                    .extracting(HybridExplanation.DroppedSource::source)
                    .containsExactly("hyde");
        }
    }

    @Test
    @DisplayName("A model that throws or hangs is dropped and named, and the question goes on")
    void dropsAModelThatFails() {
        ChatModel hanging = chat(text -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return "";
        });
        ChatModel broken = chat(text -> {
            throw new IllegalStateException("secret " + text);
        });
        List<HybridExplanation.DroppedSource> heard = new ArrayList<>();

        ExpansionExplanation explanation = QueryExpansion.builder(retriever, executor)
                .transformation(QueryTransformations.hyde(hanging, MODEL, Duration.ofMillis(1)))
                .transformation(QueryTransformations.multiQuery(broken, MODEL, 2, LONG))
                .onDropped(heard::add)
                .build()
                .explain(RetrievalRequest.of("refund?"));

        assertThat(ids(explanation)).containsExactly("refund?", "all");
        assertThat(explanation.dropped())
                .isEqualTo(heard)
                .containsExactly(
                        new HybridExplanation.DroppedSource("hyde", "it was not there in time"),
                        new HybridExplanation.DroppedSource(
                                "multi-query", "it failed with java.lang.IllegalStateException"));
    }

    @Test
    @DisplayName("A question that fails is dropped and named; when all fail, so does the retrieval")
    void namesQuestionsThatFail() {
        Retriever half = Fixed.answers(request -> {
            if (!request.text().equals("refunds")) {
                throw new IllegalStateException("down");
            }
            return new Retrieval(List.of(passage("a", "text", 1)), "1");
        });
        ExpansionExplanation explanation = QueryExpansion.builder(half, executor)
                .transformation(QueryTransformations.spelling(WORDS))
                .askOriginal()
                .build()
                .explain(RetrievalRequest.of("refnuds"));

        assertThat(ids(explanation)).containsExactly("a");
        assertThat(explanation.dropped())
                .extracting(HybridExplanation.DroppedSource::source)
                .containsExactly("question 2 (original)");
        QueryExpansion late = QueryExpansion.builder(
                        Fixed.answers(request -> {
                            throw new IllegalStateException("down");
                        }),
                        executor)
                .transformation(QueryTransformations.spelling(WORDS))
                .askOriginal()
                .build();
        assertThatThrownBy(() -> late.retrieve(RetrievalRequest.of("refnuds")))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("each of 2 questions")
                .hasMessageContaining("question 1 (spelling)");
    }

    @Test
    @DisplayName("Filter, tenant and deadline go with every question, and a passed deadline drops models")
    void handsTheRequestOn() {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        RetrievalRequest request = new RetrievalRequest(
                "refnuds",
                Optional.of(metadataKey("language").isEqualTo("en")),
                Optional.of("acme"),
                Optional.of(now.plusSeconds(60)));

        QueryExpansion.builder(retriever, executor)
                .transformation(QueryTransformations.spelling(WORDS))
                .askOriginal()
                .clock(Clock.fixed(now, ZoneOffset.UTC))
                .build()
                .retrieve(request);

        assertThat(asked).hasSize(2).allSatisfy(each -> {
            assertThat(each.filter()).isEqualTo(request.filter());
            assertThat(each.tenant()).isEqualTo(request.tenant());
            assertThat(each.deadline()).isEqualTo(request.deadline());
        });
    }

    @Test
    @DisplayName("Long questions and those of other scripts are asked")
    void takesHardQuestions() {
        for (String text : List.of("refnuds ".repeat(12_500), "я".repeat(100_000), "退款需要多久？", "\uD83D")) {
            assertThat(explain(
                                    text,
                                    QueryTransformations.spelling(WORDS),
                                    QueryTransformations.abbreviations(Map.of("SLA", "agreement")),
                                    QueryTransformations.decomposition(),
                                    QueryTransformations.hyde(chat(seen -> "length " + seen.length()), MODEL, LONG))
                            .retrieval()
                            .passages())
                    .isNotEmpty();
        }
        assertThat(asked).extracting(RetrievalRequest::text).contains("length 4000");
    }

    @Test
    @DisplayName("So many questions are asked and no more")
    void limitsQuestions() {
        ExpansionExplanation explanation = QueryExpansion.builder(retriever, executor)
                .transformation(QueryTransformations.decomposition())
                .maxQuestions(2)
                .maxPassages(1)
                .build()
                .explain(RetrievalRequest.of("One two? Three four? Five six?"));

        assertThat(explanation.asked()).hasSize(2);
        assertThat(explanation.retrieval().passages()).hasSize(1);
    }

    @Test
    @DisplayName("The identity covers transformations with their settings, and not the words of the corpus")
    void namesItsConfiguration() {
        ChatModel chat = chat(text -> "");
        SpellingVocabulary other = SpellingVocabulary.of(List.of("other"));
        List<QueryTransformation> transformations = List.of(
                QueryTransformations.spelling(WORDS),
                QueryTransformations.abbreviations(Map.of("SLA", "a")),
                QueryTransformations.abbreviations(Map.of("SLA", "b")),
                QueryTransformations.decomposition(),
                QueryTransformations.multiQuery(chat, MODEL, 2, LONG),
                QueryTransformations.multiQuery(chat, MODEL, 3, LONG),
                QueryTransformations.multiQuery(chat, MODEL, 3, Duration.ofSeconds(1)),
                QueryTransformations.multiQuery(chat, Identity.of("other", "1"), 3, LONG),
                QueryTransformations.hyde(chat, MODEL, LONG));

        assertThat(transformations)
                .extracting(transformation -> expansion(transformation).identity())
                .doesNotHaveDuplicates();
        assertThat(QueryExpansion.builder(retriever, executor)
                        .transformation(transformations.get(0))
                        .askOriginal()
                        .build()
                        .identity())
                .isNotEqualTo(expansion(transformations.get(0)).identity());
        assertThat(expansion(QueryTransformations.spelling(other)).identity())
                .isEqualTo(expansion(transformations.get(0)).identity());
        assertThat(expansion(QueryTransformations.spelling(other)).snapshotId())
                .isNotEqualTo(expansion(transformations.get(0)).snapshotId());
    }

    @Test
    void refusesWrongConfiguration() {
        ChatModel chat = chat(text -> "");

        assertThatIllegalArgumentException().isThrownBy(() -> QueryTransformations.abbreviations(Map.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> QueryTransformations.abbreviations(Map.of("a b", "c")));
        assertThatIllegalArgumentException().isThrownBy(() -> QueryTransformations.abbreviations(Map.of("a", " ")));
        assertThatIllegalArgumentException().isThrownBy(() -> QueryTransformations.multiQuery(chat, MODEL, 0, LONG));
        assertThatIllegalArgumentException().isThrownBy(() -> QueryTransformations.hyde(chat, MODEL, Duration.ZERO));
        QueryExpansion.Builder builder = QueryExpansion.builder(retriever, executor);
        assertThatIllegalArgumentException().isThrownBy(() -> builder.maxQuestions(0));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.maxPassages(0));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.timeout(Duration.ZERO));
    }

    private ExpansionExplanation explain(String question, QueryTransformation... transformations) {
        return expansion(transformations).explain(RetrievalRequest.of(question));
    }

    private QueryExpansion expansion(QueryTransformation... transformations) {
        QueryExpansion.Builder builder = QueryExpansion.builder(retriever, executor);
        for (QueryTransformation transformation : transformations) {
            builder.transformation(transformation);
        }
        return builder.build();
    }

    private static List<String> ids(ExpansionExplanation explanation) {
        return explanation.retrieval().passages().stream().map(Passage::id).toList();
    }

    private static ChatModel chat(Function<String, String> answer) {
        return new ChatModel() {
            @Override
            public ChatResponse doChat(ChatRequest request) {
                UserMessage last =
                        (UserMessage) request.messages().get(request.messages().size() - 1);
                return ChatResponse.builder()
                        .aiMessage(AiMessage.from(answer.apply(last.singleText())))
                        .build();
            }
        };
    }
}
