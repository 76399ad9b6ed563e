package dev.llmlifecycle.core.extractive;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import dev.llmlifecycle.api.identity.Identified;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.core.app.LlmApp;
import dev.llmlifecycle.core.prompt.PassageBlock;

/**
 * A chat model that quotes: it answers with the sentences of the prompt's passages that fit the question best, or says
 * that the documents do not answer.
 *
 * <p>It needs no key, no server and no download, it cannot invent anything, and it does not follow instructions: of a
 * prompt it reads the passages (as {@link PassageBlock} writes them), the question (the last user message; what follows
 * {@code Question:} where there is such a line) and {@code maxOutputTokens}, counted as four characters each.
 * Thread-safe when the embedding model is.
 *
 * @since 0.1
 */
public final class ExtractiveChatModel implements ChatModel, Identified {

    /** The {@linkplain ExtractiveChatResponseMetadata#support() support} below which the model abstains by default. */
    public static final double DEFAULT_MINIMUM_SCORE = 0.6;

    private static final String MODEL_NAME = "extractive";
    private static final int CHARACTERS_PER_TOKEN = 4;
    private static final String QUESTION_MARK = "Question:";
    /** What follows the first sentence only has to add to it. */
    private static final double LENIENCE = 0.1;

    private final SentenceScorer scorer;
    private final int maxSentences;
    private final double minimumScore;
    private final String abstention;
    private final Identity identity;

    private ExtractiveChatModel(Builder builder) {
        this.scorer = new SentenceScorer(builder.embeddingModel, builder.cachedTexts);
        this.maxSentences = builder.maxSentences;
        this.minimumScore = builder.minimumScore;
        this.abstention = builder.abstention;
        this.identity = Identity.of(
                MODEL_NAME,
                SentenceScorer.VERSION,
                Map.of(
                        "embeddingModel", builder.embeddingIdentity.toCanonical(),
                        "maxSentences", maxSentences,
                        "minimumScore", minimumScore,
                        "abstention", abstention));
    }

    /**
     * Starts a model.
     *
     * @param embeddingModel compares question and sentences
     * @param embeddingIdentity the identity of the embedding model
     * @return a builder
     */
    public static Builder builder(EmbeddingModel embeddingModel, Identity embeddingIdentity) {
        return new Builder(embeddingModel, embeddingIdentity);
    }

    @Override
    public Identity identity() {
        return identity;
    }

    @Override
    public ChatResponse doChat(ChatRequest request) {
        StringBuilder prompt = new StringBuilder();
        String lastUserText = "";
        for (ChatMessage message : request.messages()) {
            String text = text(message);
            prompt.append(text).append('\n');
            if (message instanceof UserMessage) {
                lastUserText = text;
            }
        }
        List<ScoredSentence> ranked = rank(question(lastUserText), prompt.toString());
        String answer = answer(ranked, budget(request));
        return ChatResponse.builder()
                .aiMessage(AiMessage.from(answer))
                .metadata(ExtractiveChatResponseMetadata.builder()
                        .support(support(ranked))
                        .modelName(MODEL_NAME)
                        .tokenUsage(new TokenUsage(tokens(prompt.length()), tokens(answer.length())))
                        .finishReason(FinishReason.STOP)
                        .build())
                .build();
    }

    private List<ScoredSentence> rank(String question, String prompt) {
        return question.isBlank() ? List.of() : scorer.rank(question, PassageBlock.read(prompt));
    }

    private static double support(List<ScoredSentence> ranked) {
        return ranked.isEmpty() ? Double.NEGATIVE_INFINITY : ranked.get(0).support();
    }

    private String answer(List<ScoredSentence> ranked, int budget) {
        if (support(ranked) < minimumScore) {
            return abstention;
        }
        List<String> chosen = new ArrayList<>();
        int length = 0;
        for (ScoredSentence sentence : ranked) {
            boolean first = chosen.isEmpty();
            boolean fits = first || length + sentence.text().length() <= budget;
            boolean supported = first || sentence.support() >= minimumScore - LENIENCE;
            if (chosen.size() < maxSentences && fits && supported) {
                chosen.add(sentence.cited());
                length += sentence.text().length();
            }
        }
        return String.join(" ", chosen);
    }

    private static int budget(ChatRequest request) {
        Integer maxOutputTokens = request.maxOutputTokens();
        return maxOutputTokens == null
                ? Integer.MAX_VALUE
                : (int) Math.min(Integer.MAX_VALUE, (long) maxOutputTokens * CHARACTERS_PER_TOKEN);
    }

    private static String question(String userText) {
        String text = PassageBlock.remove(userText);
        int mark = text.lastIndexOf(QUESTION_MARK);
        return (mark >= 0 ? text.substring(mark + QUESTION_MARK.length()) : text).strip();
    }

    private static String text(ChatMessage message) {
        if (message instanceof SystemMessage system) {
            return system.text();
        }
        if (message instanceof UserMessage user && user.hasSingleText()) {
            return user.singleText();
        }
        return "";
    }

    private static int tokens(int characters) {
        return (characters + CHARACTERS_PER_TOKEN - 1) / CHARACTERS_PER_TOKEN;
    }

    /** Builds an {@link ExtractiveChatModel}. Not thread-safe. */
    public static final class Builder {

        private final EmbeddingModel embeddingModel;
        private final Identity embeddingIdentity;
        private int maxSentences = 2;
        private double minimumScore = DEFAULT_MINIMUM_SCORE;
        private int cachedTexts = 10_000;
        private String abstention = LlmApp.DEFAULT_ABSTENTION;

        private Builder(EmbeddingModel embeddingModel, Identity embeddingIdentity) {
            this.embeddingModel = Objects.requireNonNull(embeddingModel, "embeddingModel");
            this.embeddingIdentity = Objects.requireNonNull(embeddingIdentity, "embeddingIdentity");
        }

        /**
         * Sets how many sentences an answer has at most. Default: 2.
         *
         * @param maxSentences at least 1
         * @return this builder
         */
        public Builder maxSentences(int maxSentences) {
            if (maxSentences < 1) {
                throw new IllegalArgumentException(
                        "maxSentences must be at least 1 but was " + maxSentences + "; an answer needs a sentence");
            }
            this.maxSentences = maxSentences;
            return this;
        }

        /**
         * Sets the {@linkplain ExtractiveChatResponseMetadata#support() support} below which the model abstains.
         * Default: {@value ExtractiveChatModel#DEFAULT_MINIMUM_SCORE}, chosen on data that the docs name; lower it to
         * abstain less often.
         *
         * @param minimumScore finite
         * @return this builder
         */
        public Builder minimumScore(double minimumScore) {
            if (!Double.isFinite(minimumScore)) {
                throw new IllegalArgumentException(
                        "minimumScore must be finite but was " + minimumScore + "; use -1000 to never abstain");
            }
            this.minimumScore = minimumScore;
            return this;
        }

        /**
         * Sets how many embeddings of sentences are kept in memory. Default: 10,000 (15 MB at 384 dimensions).
         *
         * @param texts at least 0
         * @return this builder
         */
        public Builder cachedTexts(int texts) {
            if (texts < 0) {
                throw new IllegalArgumentException(
                        "cachedTexts must not be negative but was " + texts + "; 0 keeps none");
            }
            this.cachedTexts = texts;
            return this;
        }

        /**
         * Sets the sentence that says that the documents do not answer. Default: {@link LlmApp#DEFAULT_ABSTENTION}.
         *
         * @param phrase the same sentence as the application's
         * @return this builder
         */
        public Builder abstention(String phrase) {
            this.abstention = Objects.requireNonNull(phrase, "phrase");
            return this;
        }

        /**
         * Builds the model.
         *
         * @return the model
         */
        public ExtractiveChatModel build() {
            return new ExtractiveChatModel(this);
        }
    }
}
