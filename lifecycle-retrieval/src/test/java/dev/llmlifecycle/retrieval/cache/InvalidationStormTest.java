package dev.llmlifecycle.retrieval.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.llmlifecycle.api.app.AnswerCache;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;
import dev.llmlifecycle.retrieval.vector.VectorEntry;
import dev.llmlifecycle.retrieval.vector.VectorIndex;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Documents change and go while questions come, through both caches. Each document is a register that one thread writes
 * and many read: what is read must be a state that it had between the start and the end of the reading.
 */
@NullMarked
@Timeout(120)
class InvalidationStormTest {

    private static final int TOPICS = 12;
    private static final int WRITERS = 3;
    private static final int READERS = 4;
    private static final int CHANGES = 1_500;
    private static final int QUESTIONS = 1_500;
    private static final Hash RELEASE = Hash.ofUtf8("release");

    /** The number of a document's latest change, before it is made and after; even ones put it, odd ones remove it. */
    private final AtomicIntegerArray begun = new AtomicIntegerArray(TOPICS);

    private final AtomicIntegerArray made = new AtomicIntegerArray(TOPICS);
    private final AtomicLong interactions = new AtomicLong();

    @Test
    @DisplayName("no answer is stale: 4,500 changes and 6,000 questions at once")
    void noAnswerIsStale() throws Exception {
        TopicModel model = new TopicModel();
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS + READERS);
        try (VectorIndex index = VectorIndex.builder(TOPICS).build();
                VectorIndexRetriever retriever =
                        new VectorIndexRetriever(index, model, Identity.of("topics", "1"), "corpus", 1);
                SemanticAnswerCache answers = SemanticAnswerCache.builder(model, text -> false)
                        .rule(SemanticAnswerCacheTest.acceptingAll(model.modelName()))
                        .maximumBytes(200_000)
                        .build()) {
            CaffeineContextCache contexts =
                    CaffeineContextCache.builder().maximumEntries(200).build();
            for (int topic = 0; topic < TOPICS; topic++) {
                index.add(entry(model, topic, 0));
            }
            List<Future<Integer>> running = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                running.add(threads.submit(writer(index, model, writer)));
            }
            for (int reader = 0; reader < READERS; reader++) {
                running.add(threads.submit(reader(contexts, answers, retriever, reader)));
            }
            int served = 0;
            for (Future<Integer> each : running) {
                served += each.get(100, TimeUnit.SECONDS);
            }
            assertThat(served).as("answers from the cache").isPositive();
            assertThat(contexts.counts().hits()).isPositive();
            assertThat(contexts.counts().outdated()).isPositive();
        } finally {
            threads.shutdownNow();
        }
    }

    private Callable<Integer> writer(VectorIndex index, TopicModel model, int writer) {
        return () -> {
            SplittableRandom random = new SplittableRandom(writer);
            for (int i = 0; i < CHANGES; i++) {
                // Each topic has one writer.
                int topic = writer + WRITERS * random.nextInt(TOPICS / WRITERS);
                int number = begun.incrementAndGet(topic);
                if (number % 2 == 0) {
                    index.add(entry(model, topic, number));
                } else {
                    index.remove(List.of(id(topic)));
                }
                made.set(topic, number);
            }
            return 0;
        };
    }

    private Callable<Integer> reader(
            CaffeineContextCache contexts, SemanticAnswerCache answers, VectorIndexRetriever retriever, int reader) {
        return () -> {
            SplittableRandom random = new SplittableRandom(100 + reader);
            int served = 0;
            for (int i = 0; i < QUESTIONS; i++) {
                int topic = random.nextInt(TOPICS);
                String question = (random.nextBoolean() ? "what of topic-" : "what about topic-") + topic + " today";
                int low = made.get(topic);
                List<Passage> passages = contexts.retrieve(retriever, RetrievalRequest.of(question))
                        .retrieval()
                        .passages();
                String context =
                        passages.isEmpty() ? "nothing" : passages.get(0).text();
                AnswerCache.Request request = new AnswerCache.Request(
                        new AnswerCache.Key(question, RELEASE, "answer", Hash.ofUtf8(context), Optional.empty()),
                        "i" + interactions.incrementAndGet(),
                        Optional.empty());
                Optional<String> kept = answers.find(request).answer();
                int high = begun.get(topic);
                String answer = kept.orElse(context);
                served += kept.isPresent() ? 1 : 0;
                assertThat(answer).as("an answer from other passages").isEqualTo(context);
                boolean ofTopic = answer.startsWith("topic-" + topic + " ");
                int number = ofTopic ? Integer.parseInt(answer.substring(answer.lastIndexOf(' ') + 1)) : -1;
                if (ofTopic) {
                    assertThat(number).as("topic %s", topic).isBetween(low, high);
                } else {
                    assertThat(low % 2 == 1 || high > low)
                            .as("topic %s was there from %s to %s and not found", topic, low, high)
                            .isTrue();
                }
                if (kept.isEmpty()) {
                    answers.put(request, new AnswerCache.Kept(context, List.of()));
                } else if (random.nextInt(10) == 0) {
                    answers.evict(request.interactionId());
                }
            }
            return served;
        };
    }

    private static VectorEntry entry(TopicModel model, int topic, int number) {
        TextSegment text = TextSegment.from("topic-" + topic + " change " + number);
        return VectorEntry.of(id(topic), model.embed(text).content().vector(), text);
    }

    private static String id(int topic) {
        return "doc-" + topic;
    }

    /** One direction for each topic, so that the nearest document is that of the topic while it is there. */
    private static final class TopicModel implements EmbeddingModel {

        @Override
        public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
            return Response.from(segments.stream()
                    .map(segment -> {
                        float[] vector = new float[TOPICS];
                        String text = segment.text();
                        int from = text.indexOf("topic-") + 6;
                        int to = text.indexOf(' ', from);
                        vector[Integer.parseInt(text.substring(from, to))] = 1;
                        vector[0] += 0.01f;
                        return Embedding.from(vector);
                    })
                    .toList());
        }
    }
}
