package dev.llmlifecycle.retrieval.cache;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.app.AnswerCache;
import dev.llmlifecycle.api.app.AnswerCache.Kept;
import dev.llmlifecycle.api.app.AnswerCache.Lookup;
import dev.llmlifecycle.api.app.AnswerCache.Request;
import dev.llmlifecycle.api.identity.Hash;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

@NullMarked
@Timeout(60)
class SemanticAnswerCacheTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Hash RELEASE = Hash.ofUtf8("release");
    private static final Hash CONTEXT = Hash.ofUtf8("context");
    private static final String ASKED = "how long does a refund take";
    private static final String REWORDED = "how long does the refund take";
    private static final Kept ANSWER = new Kept("14 days [1].", List.of("refunds#1"));

    private final TrigramModel model = new TrigramModel();
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger interactions = new AtomicInteger();

    /** Takes whatever the guards let pass. */
    private SemanticAnswerCache.Builder bold() {
        return SemanticAnswerCache.builder(model, text -> text.contains("@"))
                .rule(acceptingAll("trigrams"))
                .ticker(nanos::get);
    }

    static AcceptanceRule acceptingAll(String modelName) {
        LogisticFit even = new LogisticFit(Collections.nCopies(PairFeatures.COUNT + 1, 0.0));
        return new AcceptanceRule(even, 0.1, 0.5, 1, 0, modelName);
    }

    private Request request(AnswerCache.Key key) {
        return new Request(key, "i" + interactions.incrementAndGet(), Optional.empty());
    }

    private Request request(String question) {
        return request(key(question));
    }

    private static AnswerCache.Key key(String question) {
        return new AnswerCache.Key(question, RELEASE, "answer", CONTEXT, Optional.empty());
    }

    private Request ask(SemanticAnswerCache cache, String question, String answer) {
        Request request = request(question);
        assertThat(cache.find(request).answer()).isEmpty();
        cache.put(request, new Kept(answer, List.of("refunds#1")));
        return request;
    }

    @Test
    @DisplayName("a reworded question gets the kept answer, and the lookup says whose it was and how near")
    void answersAQuestionThatMeansTheSame() {
        try (SemanticAnswerCache cache = bold().build()) {
            Request first = ask(cache, ASKED, "14 days [1].");

            Lookup lookup = cache.find(request(REWORDED));

            assertThat(lookup.answer()).contains("14 days [1].");
            assertThat(lookup.details())
                    .containsEntry("decision", "accepted")
                    .containsEntry("answeredIn", first.interactionId())
                    .containsKey("similarity");
            assertThat(Double.parseDouble(lookup.details().get("similarity"))).isBetween(0.8, 0.999);
        }
    }

    @Test
    void answersTheVerySameQuestionWithoutEmbeddingIt() {
        try (SemanticAnswerCache cache = bold().build()) {
            ask(cache, ASKED, "14 days [1].");
            int calls = model.calls.get();

            assertThat(cache.find(request("  how long\u00a0does a\nrefund take "))
                            .details())
                    .containsEntry("decision", "same-question")
                    .containsEntry("similarity", "1.0");
            assertThat(model.calls).hasValue(calls);
        }
    }

    @Test
    void keepsApartWhatIsNotEqual() {
        try (SemanticAnswerCache cache = bold().build()) {
            ask(cache, ASKED, "14 days [1].");
            Hash other = Hash.ofUtf8("other");
            for (AnswerCache.Key key : List.of(
                    new AnswerCache.Key(ASKED, other, "answer", CONTEXT, Optional.empty()),
                    new AnswerCache.Key(ASKED, RELEASE, "short", CONTEXT, Optional.empty()),
                    new AnswerCache.Key(ASKED, RELEASE, "answer", other, Optional.empty()),
                    new AnswerCache.Key(ASKED, RELEASE, "answer", CONTEXT, Optional.of("acme")),
                    new AnswerCache.Key(REWORDED, RELEASE, "answer", CONTEXT, Optional.of("acme")),
                    new AnswerCache.Key(REWORDED, RELEASE, "answer", other, Optional.empty()))) {
                assertThat(cache.find(request(key)).answer()).isEmpty();
            }
            assertThat(cache.counts().none()).isEqualTo(7);
        }
    }

    @Test
    @DisplayName("a guard refuses however near the questions are, and is counted and named")
    void guardsRefuse() {
        try (SemanticAnswerCache cache = bold().build()) {
            ask(cache, "how long does a refund of 20 euros take", "14 days [1].");

            Lookup lookup = cache.find(request("how long does a refund of 30 euros take"));

            assertThat(lookup.answer()).isEmpty();
            assertThat(lookup.details()).containsEntry("refusedBy", "QUANTITY").containsEntry("decision", "none");
            assertThat(cache.counts().refused()).containsEntry(QuestionGuard.QUANTITY, 1L);
        }
    }

    @Test
    void looksPastACandidateThatAGuardRefuses() {
        try (SemanticAnswerCache cache = bold().build()) {
            ask(cache, "how long does a refund of 20 euros take", "14 days.");
            ask(cache, "how long would a refund of 30 euros take", "15 days.");

            assertThat(cache.find(request("how long does a refund of 30 euros take"))
                            .answer())
                    .contains("15 days.");
        }
    }

    @Test
    @DisplayName("learning asks the model until an entry has agreed often enough, and then answers")
    void learns() {
        try (SemanticAnswerCache cache =
                SemanticAnswerCache.builder(model, text -> false).errorRate(0.1).build()) {
            ask(cache, ASKED, "14 days [1].");
            int asked = 0;
            int answered = 0;
            for (int i = 0; i < 200; i++) {
                Request request = request(REWORDED + " " + (char) ('a' + i % 26) + (char) ('a' + i / 26));
                Lookup lookup = cache.find(request);
                if (lookup.answer().isEmpty()) {
                    asked++;
                    cache.put(request, new Kept("14  days [1]. ", List.of()));
                } else {
                    answered++;
                    cache.abandon(request);
                }
            }
            assertThat(asked).isBetween(2, 100);
            assertThat(answered).isGreaterThan(100);
        }
    }

    @Test
    void learnsThatAnEntryIsOfNoUseToOthers() {
        try (SemanticAnswerCache cache = SemanticAnswerCache.builder(model, text -> false)
                .errorRate(0.02)
                .build()) {
            ask(cache, ASKED, "14 days [1].");
            int wrong = 0;
            for (int i = 0; i < 100; i++) {
                Request request = request(ASKED + " " + (char) ('a' + i % 26) + (char) ('a' + i / 26));
                Lookup lookup = cache.find(request);
                if (lookup.answer().isEmpty()) {
                    cache.put(request, new Kept("Another answer " + i, List.of()));
                } else {
                    wrong++;
                }
            }
            assertThat(wrong).isLessThanOrEqualTo(6);
        }
    }

    @Test
    @DisplayName("in shadow nothing is answered, and what would have been is compared with the model's answer")
    void shadowReports() {
        try (SemanticAnswerCache cache =
                bold().shadow().sameAnswer(String::equalsIgnoreCase).build()) {
            ask(cache, ASKED, "14 days [1].");
            assertThat(cache.shadowReport().falseHitRate()).isEqualTo(OptionalDouble.empty());
            assertThat(cache.shadowReport().falseHitBound()).isEqualTo(1);

            Request right = request(REWORDED);
            assertThat(cache.find(right).answer()).isEmpty();
            cache.put(right, new Kept("14 DAYS [1].", List.of()));
            Request wrong = request("how long did a refund take");
            assertThat(cache.find(wrong).details()).containsEntry("decision", "shadow");
            cache.put(wrong, new Kept("It took a year.", List.of()));

            assertThat(cache.shadowReport()).isEqualTo(new SemanticAnswerCache.ShadowReport(1, 1));
            assertThat(cache.shadowReport().falseHitRate()).hasValue(0.5);
            assertThat(cache.counts().accepted()).isEqualTo(2);
        }
    }

    @Test
    void keepsNoPersonalDataAndNoVeryLongOrEmptyQuestions() {
        try (SemanticAnswerCache cache = bold().build()) {
            for (String left : List.of("where is the parcel of jo@example.org", " ", "long ".repeat(20_000))) {
                Request request = request(left);
                assertThat(cache.find(request).details()).containsEntry("decision", "left-out");
                cache.put(request, ANSWER);
            }
            ask(cache, "who answers me", "Jo does, at jo@example.org.");

            assertThat(cache.counts().entries()).isZero();
            assertThat(cache.counts().skipped()).isEqualTo(7);
            assertThat(model.calls).as("only what may be kept is embedded").hasValue(1);
        }
    }

    @Test
    @DisplayName("feedback evicts the answer, whether the interaction brought it or was given it")
    void feedbackEvicts() {
        try (SemanticAnswerCache cache = bold().build()) {
            Request first = ask(cache, ASKED, "14 days [1].");
            assertThat(cache.evict(first.interactionId())).isTrue();
            assertThat(cache.evict(first.interactionId())).isFalse();
            assertThat(cache.evict("never heard of")).isFalse();
            ask(cache, ASKED, "15 days [1].");
            Request given = request(REWORDED);
            assertThat(cache.find(given).answer()).contains("15 days [1].");

            assertThat(cache.evict(given.interactionId())).isTrue();

            assertThat(cache.find(request(ASKED)).answer()).isEmpty();
            assertThat(cache.counts().entries()).isZero();
        }
    }

    @Test
    void anAnswerThatWasReplacedIsNotEvictedForTheOld() {
        try (SemanticAnswerCache cache = bold().build()) {
            Request first = ask(cache, ASKED, "14 days [1].");
            cache.put(request(ASKED), new Kept("15 days [1].", List.of()));

            assertThat(cache.evict(first.interactionId())).isFalse();
            assertThat(cache.find(request(ASKED)).answer()).contains("15 days [1].");
            assertThat(cache.find(request(REWORDED)).answer()).contains("15 days [1].");
        }
    }

    @Test
    void dropsByPassageTenantAndRelease() {
        try (SemanticAnswerCache cache = bold().build()) {
            AnswerCache.Key acme = new AnswerCache.Key(ASKED, RELEASE, "answer", CONTEXT, Optional.of("acme"));
            AnswerCache.Key later =
                    new AnswerCache.Key(ASKED, Hash.ofUtf8("later"), "answer", CONTEXT, Optional.empty());
            for (AnswerCache.Key key : List.of(key(ASKED), acme, later)) {
                cache.put(request(key), ANSWER);
            }
            cache.clearTenant("acme");
            assertThat(cache.find(request(acme)).answer()).isEmpty();
            cache.clearRelease(RELEASE);
            assertThat(cache.find(request(key(ASKED))).answer()).isEmpty();
            cache.evictPassage("other#1");
            assertThat(cache.find(request(later)).answer()).isPresent();
            cache.evictPassage("refunds#1");
            assertThat(cache.counts().entries()).isZero();
            cache.put(request(ASKED), ANSWER);
            cache.clear();
            assertThat(cache.counts().entries()).isZero();
        }
    }

    @Test
    @DisplayName("answers go with their age, and none comes back when the clock goes backwards")
    void answersAge() {
        try (SemanticAnswerCache cache =
                bold().expireAfterWrite(Duration.ofHours(1)).build()) {
            ask(cache, ASKED, "14 days [1].");
            nanos.addAndGet(TimeUnit.MINUTES.toNanos(50));
            assertThat(cache.find(request(REWORDED)).answer()).isPresent();
            nanos.addAndGet(TimeUnit.MINUTES.toNanos(11));
            assertThat(cache.find(request(REWORDED)).answer()).isEmpty();
            nanos.set(0);
            assertThat(cache.find(request(ASKED)).answer()).isEmpty();
        }
    }

    @Test
    void keepsToItsMemoryAndItsNeighboursKeepInStep() {
        try (SemanticAnswerCache cache = bold().maximumBytes(100_000)
                .listLimit(8)
                .executor(Runnable::run)
                .build()) {
            for (int i = 0; i < 1_000; i++) {
                cache.put(request("question " + Integer.toString(i, 36) + " of many"), ANSWER);
            }
            assertThat(cache.counts().entries()).isBetween(20L, 100L);
            assertThat(cache.counts().evictions()).isGreaterThan(850);
            cache.clear();
            assertThat(cache.find(request("question zz of many")).answer()).isEmpty();
        }
    }

    @Test
    @DisplayName("beyond the list the nearest come from a graph, of the own context only")
    void findsInALargeContext() {
        try (SemanticAnswerCache cache =
                bold().listLimit(16).executor(Runnable::run).build()) {
            AnswerCache.Key small =
                    new AnswerCache.Key(ASKED, RELEASE, "answer", Hash.ofUtf8("small"), Optional.empty());
            cache.put(request(small), new Kept("Of the small one.", List.of()));
            AnswerCache.Key large =
                    new AnswerCache.Key(ASKED, RELEASE, "answer", Hash.ofUtf8("large"), Optional.empty());
            List<String> letters = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                String word = "" + (char) ('a' + i % 26) + (char) ('p' - i / 26) + (char) ('a' + (i * 7) % 26);
                letters.add("what is " + word.repeat(4));
            }
            for (String question : letters) {
                cache.put(request(question), new Kept(question, List.of()));
                cache.put(
                        request(new AnswerCache.Key(question, RELEASE, "answer", large.context(), Optional.empty())),
                        new Kept("other " + question, List.of()));
            }
            for (String question : letters) {
                assertThat(cache.find(request(question + " please")).answer()).contains(question);
            }
            assertThat(cache.find(request(new AnswerCache.Key(
                                    REWORDED, RELEASE, "answer", small.context(), Optional.empty())))
                            .answer())
                    .contains("Of the small one.");
        }
    }

    @Test
    @DisplayName("threads with the very same question wait for the first one's answer")
    void waitForTheFirst() throws Exception {
        try (SemanticAnswerCache cache = bold().build()) {
            Request first = request(ASKED);
            assertThat(cache.find(first).answer()).isEmpty();
            CompletableFuture<Lookup> second = onThread(cache, request(ASKED));
            await().until(() -> cache.counts().waits() == 1);
            assertThat(second).isNotDone();

            cache.put(first, ANSWER);

            assertThat(second.get(10, TimeUnit.SECONDS).answer()).contains("14 days [1].");
        }
    }

    @Test
    void whenNoAnswerComesTheNextOneAsks() throws Exception {
        try (SemanticAnswerCache cache = bold().build()) {
            Request first = request(ASKED);
            cache.find(first);
            Request next = request(ASKED);
            CompletableFuture<Lookup> second = onThread(cache, next);
            await().until(() -> cache.counts().waits() == 1);
            cache.abandon(next);
            assertThat(second).as("only the first can say so").isNotDone();

            cache.abandon(first);

            assertThat(second.get(10, TimeUnit.SECONDS).answer()).isEmpty();
            cache.put(next, ANSWER);
            assertThat(cache.find(request(ASKED)).answer()).isPresent();
        }
    }

    @Test
    void nobodyWaitsPastHalfOfItsTime() {
        try (SemanticAnswerCache cache =
                bold().clock(Clock.fixed(NOW, ZoneOffset.UTC)).build()) {
            cache.find(request(ASKED));
            Request late = new Request(key(ASKED), "late", Optional.of(NOW.plusMillis(20)));
            assertThat(cache.find(late).answer()).isEmpty();
            Request past = new Request(key(ASKED), "past", Optional.of(NOW.minusSeconds(5)));
            assertThat(cache.find(past).answer()).isEmpty();
        }
    }

    @Test
    void aFailingModelHoldsNobodyUp() {
        AtomicInteger failures = new AtomicInteger(1);
        TrigramModel flaky = model;
        try (SemanticAnswerCache cache = SemanticAnswerCache.builder(
                        new EmbeddingModel() {
                            @Override
                            public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
                                if (failures.getAndDecrement() > 0) {
                                    throw new IllegalStateException("down");
                                }
                                return flaky.embedAll(segments);
                            }
                        },
                        text -> false)
                .errorRate(0.5)
                .build()) {
            assertThatIllegalStateException().isThrownBy(() -> cache.find(request(ASKED)));
            assertThat(cache.find(request(ASKED)).answer()).isEmpty();
            assertThat(cache.counts().waits()).isZero();
        }
    }

    @Test
    @DisplayName("a model swapped for one of another dimension is refused with both names")
    void refusesAnotherModel() {
        try (SemanticAnswerCache cache = bold().build()) {
            ask(cache, ASKED, "14 days [1].");
            model.become("bigrams", 64);

            assertThatExceptionOfType(LifecycleException.class)
                    .isThrownBy(() -> cache.find(request(REWORDED)))
                    .withMessage("Embedding a question with the model 'bigrams' gave a vector of dimension 64, but"
                            + " entries of this cache have 128 of the model 'trigrams'; build a new cache for another"
                            + " model");
        }
    }

    @Test
    void refusesWrongSettings() {
        assertThatIllegalStateException()
                .isThrownBy(
                        () -> SemanticAnswerCache.builder(model, text -> false).build())
                .withMessageStartingWith("a semantic cache was given nothing to accept by");
        assertThatIllegalStateException()
                .isThrownBy(() -> bold().rule(acceptingAll("bigrams")).build())
                .withMessage(
                        "the rule of a semantic cache was calibrated on the model 'bigrams' but the cache embeds with"
                                + " 'trigrams'; calibrate it again on that model");
        assertThatIllegalArgumentException().isThrownBy(() -> bold().errorRate(0));
        assertThatIllegalArgumentException().isThrownBy(() -> bold().maximumBytes(0));
        assertThatIllegalArgumentException().isThrownBy(() -> bold().candidates(0));
        assertThatIllegalArgumentException().isThrownBy(() -> bold().expireAfterWrite(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> bold().longestWait(Duration.ofSeconds(-1)));
        SemanticAnswerCache closed = bold().build();
        closed.close();
        closed.close();
        assertThatIllegalStateException()
                .isThrownBy(() -> closed.find(request(ASKED)))
                .withMessage("the semantic cache is closed; build a new one");
    }

    @Test
    void aHitThatValidatorsRefusedIsReplacedForItsOwnQuestion() {
        try (SemanticAnswerCache cache = bold().build()) {
            ask(cache, ASKED, "14 days [1].");
            Request refused = request(REWORDED);
            cache.find(refused);
            cache.put(refused, new Kept("Within 14 days [1].", List.of()));

            assertThat(cache.find(request(REWORDED)).answer()).contains("Within 14 days [1].");
            assertThat(cache.find(request(ASKED)).answer()).contains("14 days [1].");
        }
    }

    private static CompletableFuture<Lookup> onThread(AnswerCache cache, Request request) {
        CountDownLatch started = new CountDownLatch(1);
        CompletableFuture<Lookup> lookup = CompletableFuture.supplyAsync(
                () -> {
                    started.countDown();
                    return cache.find(request);
                },
                task -> new Thread(task).start());
        try {
            started.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return lookup;
    }
}
