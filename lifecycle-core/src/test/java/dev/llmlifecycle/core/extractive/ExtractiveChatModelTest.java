package dev.llmlifecycle.core.extractive;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.image.Image;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.Response;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.core.app.LlmApp;
import dev.llmlifecycle.core.internal.text.Words;
import dev.llmlifecycle.core.prompt.PassageBlock;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
class ExtractiveChatModelTest {

    private static final Identity BAG_OF_WORDS = Identity.of("bag-of-words", "1");
    private static final List<Passage> PASSAGES = List.of(
            passage("Refunds are paid within 14 days. A refund goes to the card you paid with.", "Refunds"),
            passage("# Returns\n\nReturns are free of charge. You print the label yourself.", "Returns"),
            passage("The warehouse is in Rotterdam.", "About us > Where we are"));

    private final List<List<String>> embedded = Collections.synchronizedList(new ArrayList<>());

    /** Hashes words into a few dimensions: texts that share words are close. */
    private final EmbeddingModel embeddings = new EmbeddingModel() {
        @Override
        public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
            embedded.add(segments.stream().map(TextSegment::text).toList());
            return Response.from(
                    segments.stream().map(segment -> vector(segment.text())).toList());
        }
    };

    private static Embedding vector(String text) {
        float[] vector = new float[512];
        Words.content(text).forEach(word -> vector[Math.floorMod(word.hashCode(), vector.length)]++);
        vector[0] += 0.01f;
        return Embedding.from(vector);
    }

    private static Passage passage(String text, String heading) {
        return new Passage(heading, TextSegment.from(text, Metadata.from(Map.of(Passage.HEADING, heading))), 1);
    }

    private ExtractiveChatModel.Builder builder() {
        return ExtractiveChatModel.builder(embeddings, BAG_OF_WORDS);
    }

    private static ChatRequest request(String question) {
        return ChatRequest.builder()
                .messages(SystemMessage.from(PassageBlock.write(PASSAGES)), UserMessage.from(question))
                .build();
    }

    private static String answer(ExtractiveChatModel model, ChatRequest request) {
        return model.chat(request).aiMessage().text();
    }

    private String answer(String question) {
        return answer(builder().maxSentences(1).build(), request(question));
    }

    @Nested
    class Answering {

        @Test
        void quotesTheSentenceThatFitsBestAndCitesItsPassage() {
            assertThat(answer("How long until refunds are paid?")).isEqualTo("Refunds are paid within 14 days [1].");
            assertThat(answer("Are returns free of charge?")).isEqualTo("Returns are free of charge [2].");
            assertThat(answer("In which town is the warehouse?")).isEqualTo("The warehouse is in Rotterdam [3].");
        }

        @Test
        void abstainsWhereNothingFits() {
            assertThat(answer("Who won the football match?")).isEqualTo(LlmApp.DEFAULT_ABSTENTION);
            assertThat(answer(
                            builder().abstention("No idea.").minimumScore(1000).build(),
                            request("How long until refunds are paid?")))
                    .isEqualTo("No idea.");
        }

        @Test
        void abstainsWithoutPassagesAndWithoutQuestion() {
            ExtractiveChatModel model = builder().minimumScore(-1000).build();

            assertThat(answer(
                            model,
                            ChatRequest.builder()
                                    .messages(UserMessage.from("Hi"))
                                    .build()))
                    .isEqualTo(LlmApp.DEFAULT_ABSTENTION);
            assertThat(answer(model, request("Question: "))).isEqualTo(LlmApp.DEFAULT_ABSTENTION);
            assertThat(answer(model, request("?!"))).isNotBlank();
        }

        @Test
        void givesSeveralSentencesWithinItsLimits() {
            ChatRequest request = request("How are refunds paid to the card?");
            ExtractiveChatModel two = builder().minimumScore(-1000).build();
            ExtractiveChatModel three =
                    builder().minimumScore(-1000).maxSentences(3).build();

            assertThat(answer(two, request)).containsPattern("^[^\\[]*\\[\\d].*[^\\[]*\\[\\d]\\.$");
            assertThat(answer(three, request).chars().filter(c -> c == '[')).hasSize(3);
            assertThat(answer(three, request.toBuilder().maxOutputTokens(1).build())
                            .chars()
                            .filter(c -> c == '['))
                    .as("a sentence is never cut, and the first always fits")
                    .hasSize(1);
        }

        @Test
        void takesTheQuestionAfterItsMarkAndThePassagesOfTheUserMessage() {
            UserMessage user = UserMessage.from(
                    PassageBlock.write(PASSAGES) + "\nFollow the rules.\nQuestion: Are returns free of charge?");

            assertThat(answer(
                            builder().maxSentences(1).build(),
                            ChatRequest.builder().messages(user).build()))
                    .isEqualTo("Returns are free of charge [2].");
        }

        @Test
        void answersTheLastQuestionOfAConversation() {
            List<ChatMessage> messages = List.of(
                    SystemMessage.from(PassageBlock.write(PASSAGES)),
                    UserMessage.from("How long until refunds are paid?"),
                    AiMessage.from("Refunds are paid within 14 days [1]."),
                    UserMessage.from(ImageContent.from(
                            Image.builder().url("http://localhost/x.png").build())),
                    UserMessage.from("Are returns free of charge?"));

            assertThat(answer(
                            builder().maxSentences(1).build(),
                            ChatRequest.builder().messages(messages).build()))
                    .isEqualTo("Returns are free of charge [2].");
        }

        @Test
        void namesItselfAndCountsTokens() {
            ChatResponse response = builder().build().chat(request("Are returns free of charge?"));

            assertThat(response.modelName()).isEqualTo("extractive");
            assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(response.tokenUsage().inputTokenCount()).isPositive();
            assertThat(response.tokenUsage().outputTokenCount())
                    .isEqualTo((response.aiMessage().text().length() + 3) / 4);
        }

        @Test
        void saysHowWellThePassagesSupportIt() {
            double right = support(builder().build(), request("Are returns free of charge?"));
            double wrong = support(builder().build(), request("Who won the football match?"));

            assertThat(right).isGreaterThan(ExtractiveChatModel.DEFAULT_MINIMUM_SCORE);
            assertThat(wrong).isLessThan(ExtractiveChatModel.DEFAULT_MINIMUM_SCORE);
            assertThat(support(
                            builder().build(),
                            ChatRequest.builder()
                                    .messages(UserMessage.from("Hi"))
                                    .build()))
                    .isEqualTo(Double.NEGATIVE_INFINITY);
            assertThat(answer(builder().minimumScore(right).build(), request("Are returns free of charge?")))
                    .isNotEqualTo(LlmApp.DEFAULT_ABSTENTION);
            assertThat(answer(
                            builder().minimumScore(Math.nextUp(right)).build(), request("Are returns free of charge?")))
                    .isEqualTo(LlmApp.DEFAULT_ABSTENTION);
        }

        private static double support(ExtractiveChatModel model, ChatRequest request) {
            return ((ExtractiveChatResponseMetadata) model.chat(request).metadata()).support();
        }

        @Test
        void keepsItsMetadataWhereTheResponseIsBuiltAgain() {
            ChatResponse response = builder().build().chat(request("Are returns free of charge?"));

            assertThat(response.metadata().toBuilder().build())
                    .isEqualTo(response.metadata())
                    .hasSameHashCodeAs(response.metadata())
                    .hasToString(response.metadata().toString())
                    .isNotEqualTo(ExtractiveChatResponseMetadata.builder().build());
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ExtractiveChatResponseMetadata.builder().support(Double.NaN))
                    .withMessage("support must be a number but was NaN; leave it out where there is nothing to quote");
        }

        @Test
        void givesTheSameAnswerEveryTime() {
            ChatRequest request = request("How are refunds paid to the card?");

            assertThat(answer(builder().build(), request))
                    .isEqualTo(answer(builder().build(), request));
        }
    }

    @Nested
    class Citing {

        @Test
        void putsTheMarkBeforeTheStop() {
            assertThat(new ScoredSentence("It is so.", 2, 0, 1, 1).cited()).isEqualTo("It is so [2].");
            assertThat(new ScoredSentence("Is it?!", 2, 0, 1, 1).cited()).isEqualTo("Is it [2]?!");
            assertThat(new ScoredSentence("no stop", 2, 0, 1, 1).cited()).isEqualTo("no stop [2].");
            assertThat(new ScoredSentence("...", 2, 0, 1, 1).cited()).isEqualTo(" [2]...");
        }
    }

    @Nested
    class Embeddings {

        @Test
        void ofSentencesAreKept() {
            ExtractiveChatModel model = builder().build();
            model.chat(request("Are returns free of charge?"));
            model.chat(request("How long until refunds are paid?"));
            model.chat(request("How long until refunds are paid?"));

            assertThat(embedded).hasSize(2);
            assertThat(embedded.get(1)).containsExactly("How long until refunds are paid?");
        }

        @Test
        void areNotKeptWhereNoneAreWanted() {
            ExtractiveChatModel model = builder().cachedTexts(0).build();
            model.chat(request("Are returns free of charge?"));
            model.chat(request("Are returns free of charge?"));

            assertThat(embedded).hasSize(2).allMatch(texts -> texts.size() > 4);
        }

        @Test
        void thatAreTooFewAreAFailureOfTheirModel() {
            EmbeddingModel lazy = new EmbeddingModel() {
                @Override
                public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
                    return Response.from(List.of(vector("x")));
                }
            };

            assertThatExceptionOfType(LifecycleException.class)
                    .isThrownBy(() -> ExtractiveChatModel.builder(lazy, BAG_OF_WORDS)
                            .build()
                            .chat(request("Are returns free?")))
                    .withMessageMatching("The embedding model was given \\d texts but returned 1 embeddings; check its"
                            + " embedAll");
        }
    }

    @Nested
    class Building {

        @Test
        void everythingThatDecidesTheAnswerIsInTheIdentity() {
            assertThat(builder().build().identity()).isEqualTo(builder().build().identity());
            assertThat(List.of(
                            builder().build().identity(),
                            builder().maxSentences(1).build().identity(),
                            builder().minimumScore(0).build().identity(),
                            builder().abstention("No.").build().identity(),
                            ExtractiveChatModel.builder(embeddings, Identity.of("other", "1"))
                                    .build()
                                    .identity()))
                    .doesNotHaveDuplicates();
            assertThat(builder().cachedTexts(7).build().identity())
                    .isEqualTo(builder().build().identity());
        }

        @Test
        void optionsAreCheckedWhenTheyArrive() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder().maxSentences(0))
                    .withMessage("maxSentences must be at least 1 but was 0; an answer needs a sentence");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder().minimumScore(Double.NaN))
                    .withMessage("minimumScore must be finite but was NaN; use -1000 to never abstain");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder().cachedTexts(-1))
                    .withMessage("cachedTexts must not be negative but was -1; 0 keeps none");
        }
    }
}
