package dev.llmlifecycle.retrieval.hybrid;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

import dev.langchain4j.model.TokenCountEstimator;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.scoring.ScoringModel;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.retrieval.ingest.Chunkers;
import org.jspecify.annotations.Nullable;

/**
 * The stages of a {@link RetrievalPipeline}.
 *
 * <p>Where a stage mixes the score with something else, the score is scaled first, so that the lowest is 0 and the
 * highest is 1, or all are 1 where they are the same; the new score is {@code (1 - weight) * scaled + weight * other}.
 * That works for scores of any scale and sign.
 *
 * <p>All stages are immutable and thread-safe, as long as the models they are given are.
 *
 * @since 0.1
 */
public final class RetrievalStages {

    private RetrievalStages() {}

    /**
     * Ranks by a model that reads question and passage together. When it is late, fails, or gives another number of
     * scores or one that is not finite, the stage is dropped and named.
     *
     * @param model scores passages
     * @param identity names the model
     * @param candidates how many passages are scored, from the first; the rest is left out; at least 1
     * @param timeout how long it is waited for, from 1 millisecond to 1 day
     * @return the stage
     * @throws IllegalArgumentException when a value is out of its range
     */
    public static RetrievalStage rerank(ScoringModel model, Identity identity, int candidates, Duration timeout) {
        return new RerankStage(model, identity, candidates, timeout);
    }

    /**
     * Mixes the score with the share of the question's words that a passage and its best sentence have, rare words
     * among the passages counting more. It needs no model, knows no endings of words, and looks at the first 256
     * distinct words of a question.
     *
     * @param weight how much the words count, more than 0 and at most 1
     * @return the stage
     * @throws IllegalArgumentException when the weight is out of its range
     */
    public static RetrievalStage rerankByWords(double weight) {
        return new MixedScoreStage("rerank-by-words", weight, Map.of(), WordOverlap::values);
    }

    /**
     * Takes passages that are relevant and unlike each other, by their words: the next one is that with the highest
     * {@code lambda * scaled score - (1 - lambda) * likeness to the most alike of those taken}, which is its new score.
     *
     * <p>Source: J. Carbonell and J. Goldstein, "The Use of MMR, Diversity-Based Reranking for Reordering Documents and
     * Producing Summaries", SIGIR 1998. Likeness is the cosine of the sets of words.
     *
     * @param lambda 1 for relevance alone, 0 for difference alone; 0.7 is a place to start
     * @param count how many are taken, at least 1
     * @return the stage
     * @throws IllegalArgumentException when a value is out of its range
     */
    public static RetrievalStage mmr(double lambda, int count) {
        return DiversityStage.byWords(lambda, count);
    }

    /**
     * The same as {@link #mmr(double, int)}, with the cosine of embeddings as likeness. When the model is late or
     * fails, the stage is dropped and named.
     *
     * @param lambda 1 for relevance alone, 0 for difference alone
     * @param count how many are taken, at least 1
     * @param model embeds the passages
     * @param identity names the model
     * @param timeout how long it is waited for, from 1 millisecond to 1 day
     * @return the stage
     * @throws IllegalArgumentException when a value is out of its range
     */
    public static RetrievalStage mmr(
            double lambda, int count, EmbeddingModel model, Identity identity, Duration timeout) {
        Objects.requireNonNull(model, "model");
        return DiversityStage.byVectors(lambda, count, model, identity, timeout);
    }

    /**
     * Mixes the score with how new a passage is: 1 for now and later, half of it after each half-life, 0 where the date
     * is missing or cannot be read. A retrieval that a cache keeps is as new as when it was made.
     *
     * @param key the metadata with the date: an ISO 8601 date, or date and time with offset, or milliseconds since 1970
     * @param halfLife the age at which half is left, at least 1 second
     * @param weight how much newness counts, more than 0 and at most 1
     * @param clock tells what is now
     * @return the stage
     * @throws IllegalArgumentException when a value is out of its range
     */
    public static RetrievalStage recency(String key, Duration halfLife, double weight, Clock clock) {
        requireKey(key);
        Objects.requireNonNull(clock, "clock");
        if (halfLife.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException(
                    "the half-life of recency must be at least 1 second but was " + halfLife);
        }
        return byPassage(
                "recency",
                weight,
                Map.of("key", key, "halfLifeSeconds", halfLife.toSeconds()),
                passage -> freshness(passage, key, halfLife, clock));
    }

    private static MixedScoreStage.Value freshness(Passage passage, String key, Duration halfLife, Clock clock) {
        Optional<Instant> date = date(passage.segment().metadata().toMap().get(key));
        if (date.isEmpty()) {
            return new MixedScoreStage.Value(0, "no date");
        }
        double age = Math.max(
                0, (double) clock.instant().getEpochSecond() - date.get().getEpochSecond());
        double value = Math.pow(0.5, age / halfLife.toSeconds());
        return new MixedScoreStage.Value(value, "recency " + Scaling.show(value));
    }

    private static Optional<Instant> date(@Nullable Object value) {
        try {
            if (value instanceof Long || value instanceof Integer) {
                return Optional.of(Instant.ofEpochMilli(((Number) value).longValue()));
            }
            if (!(value instanceof String text)) {
                return Optional.empty();
            }
            return Optional.of(
                    text.indexOf('T') < 0
                            ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                            : OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /**
     * Mixes the score with a number that the host keeps of a passage, such as how much its document can be trusted or
     * is read.
     *
     * @param key the metadata with the number, from 0 to 1; what is outside counts as the nearest end, what is missing
     *     or no number as 0
     * @param weight how much it counts, more than 0 and at most 1
     * @return the stage
     * @throws IllegalArgumentException when a value is out of its range
     */
    public static RetrievalStage authority(String key, double weight) {
        requireKey(key);
        return byPassage("authority", weight, Map.of("key", key), passage -> {
            @Nullable Object value = passage.segment().metadata().toMap().get(key);
            if (!(value instanceof Number number) || Double.isNaN(number.doubleValue())) {
                return new MixedScoreStage.Value(0, "no authority");
            }
            double clamped = Math.max(0, Math.min(1, number.doubleValue()));
            return new MixedScoreStage.Value(clamped, "authority " + Scaling.show(clamped));
        });
    }

    /**
     * Mixes the score with what a value of the metadata is worth, such as handbooks above forum posts.
     *
     * @param key the metadata
     * @param worth what a value of it counts, from 0 to 1; a value that is not in it counts 0
     * @param weight how much it counts, more than 0 and at most 1
     * @return the stage
     * @throws IllegalArgumentException when a value is out of its range
     */
    public static RetrievalStage boost(String key, Map<String, Double> worth, double weight) {
        requireKey(key);
        Map<String, Double> known = Map.copyOf(worth);
        known.forEach((value, each) -> {
            if (!(each >= 0 && each <= 1)) {
                throw new IllegalArgumentException("the worth of '" + value + "' must be from 0 to 1 but was " + each);
            }
        });
        return byPassage("boost", weight, Map.of("key", key, "worth", new TreeMap<>(known)), passage -> {
            @Nullable Object value = passage.segment().metadata().toMap().get(key);
            double each = value == null ? 0 : known.getOrDefault(value.toString(), 0.0);
            return new MixedScoreStage.Value(each, key + " is worth " + Scaling.show(each));
        });
    }

    private static RetrievalStage byPassage(
            String name, double weight, Map<String, ?> settings, Function<Passage, MixedScoreStage.Value> value) {
        return new MixedScoreStage(
                name,
                weight,
                settings,
                (request, passages) -> passages.stream().map(value).toList());
    }

    private static void requireKey(String key) {
        if (key.isBlank()) {
            throw new IllegalArgumentException("the metadata key of a stage is blank; name the metadata to read");
        }
    }

    /**
     * Puts parents in the place of their children (small-to-big): what {@link Chunkers#parentChild} made small to be
     * found becomes what is to be read. A parent has the place and the score of the first of its children; what has no
     * parent stays.
     *
     * @return the stage
     */
    public static RetrievalStage parents() {
        return new ParentStage();
    }

    /**
     * Makes one passage of pieces of a document that follow each other or overlap, by {@link Passage#SOURCE},
     * {@link Chunkers#START} and {@link Chunkers#END}. It has the best score among them, the metadata of the first
     * piece, the headings that both have, and the id {@code source#start-end}. Characters between two pieces, which are
     * white space where the library's chunkers cut, come back as a space or line breaks. Passages without a place in a
     * document stay as they are.
     *
     * @param maximumGap how many characters may lie between two pieces, at least 0; 4 covers a paragraph's end
     * @param maximumCharacters how long a merged passage becomes at most, at least 1
     * @return the stage
     * @throws IllegalArgumentException when a value is out of its range
     */
    public static RetrievalStage mergeNeighbours(int maximumGap, int maximumCharacters) {
        return new NeighbourStage(maximumGap, maximumCharacters);
    }

    /**
     * Takes the passages that fit into a budget, best first, and puts them into an order to be read. One that does not
     * fit is left out and smaller ones behind it can still fit; where the budget is smaller than each passage, nothing
     * is left, which is logged as a warning. What a prompt puts around passages is not counted.
     *
     * @param budget how many tokens the texts have together at most, at least 1
     * @param tokens counts tokens
     * @param identity names what counts
     * @param order the order they are read in
     * @return the stage
     * @throws IllegalArgumentException when the budget is less than 1
     */
    public static RetrievalStage pack(int budget, TokenCountEstimator tokens, Identity identity, PackingOrder order) {
        return new PackingStage(budget, tokens, identity, order);
    }

    /**
     * Keeps the first passages.
     *
     * @param count how many, at least 1
     * @return the stage
     * @throws IllegalArgumentException when it is less than 1
     */
    public static RetrievalStage first(int count) {
        return CutStage.first(count);
    }

    /**
     * Leaves out passages with a lower score. Scores are on the scale of the stage before, which is another when that
     * is dropped.
     *
     * @param score the least score that stays, finite
     * @return the stage
     * @throws IllegalArgumentException when it is not finite
     */
    public static RetrievalStage minimumScore(double score) {
        return CutStage.minimumScore(score);
    }
}
