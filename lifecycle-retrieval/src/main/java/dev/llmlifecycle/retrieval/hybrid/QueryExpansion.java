package dev.llmlifecycle.retrieval.hybrid;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.retrieval.Retrieval;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;
import dev.llmlifecycle.api.retrieval.Retriever;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A retriever that understands a question before it looks for passages: corrects it, takes it apart, words it in other
 * ways; what the questions find becomes one ranking by reciprocal rank fusion with k = 60.
 *
 * <pre>{@code
 * Retriever retriever = QueryExpansion.builder(hybrid, executor)
 *         .transformation(QueryTransformations.spelling(index.vocabulary()))
 *         .transformation(QueryTransformations.abbreviations(Map.of("SLA", "service level agreement")))
 *         .transformation(QueryTransformations.decomposition())
 *         .build();
 * }</pre>
 *
 * <p>Transformations are applied in their order. What rewrites takes the place of the question from then on, and with
 * {@link Builder#askOriginal} the original is asked beside it. What adds works on the question that leads by then. A
 * question of which nothing else was made is asked on the caller's thread, and its passages keep their order and
 * scores.
 *
 * <p>A transformation with a timeout that is late or fails is dropped and named, and the question goes on without it. A
 * question that is late or fails is dropped and named too; when all are, a {@link LifecycleException} names them. The
 * snapshot id of such a retrieval names what was dropped, so that no cache takes it for a whole one.
 *
 * <p>Thread-safe when its parts are.
 *
 * @since 0.1
 */
public final class QueryExpansion implements Retriever {

    private static final Logger log = LoggerFactory.getLogger(QueryExpansion.class);
    private static final Fusion FUSION = Fusion.reciprocalRank(60);
    private static final String ORIGINAL = "original";

    private final Retriever retriever;
    private final Executor executor;
    private final List<QueryTransformation> transformations;
    private final boolean askOriginal;
    private final int maxQuestions;
    private final int maxPassages;
    private final Duration timeout;
    private final Clock clock;
    private final Consumer<? super HybridExplanation.DroppedSource> onDropped;
    private final Identity identity;

    private QueryExpansion(Builder builder) {
        this.retriever = builder.retriever;
        this.executor = builder.executor;
        this.transformations = List.copyOf(builder.transformations);
        this.askOriginal = builder.askOriginal;
        this.maxQuestions = builder.maxQuestions;
        this.maxPassages = builder.maxPassages;
        this.timeout = builder.timeout;
        this.clock = builder.clock;
        this.onDropped = builder.onDropped;
        this.identity = Identity.of(
                "query-expansion",
                "1",
                Map.of(
                        "retriever",
                        retriever.identity().toCanonical(),
                        "transformations",
                        transformations.stream().map(QueryExpansion::canonical).toList(),
                        "fusion",
                        FUSION.identity().toCanonical(),
                        "askOriginal",
                        askOriginal,
                        "maxQuestions",
                        maxQuestions,
                        "maxPassages",
                        maxPassages,
                        "timeoutMillis",
                        timeout.toMillis()));
    }

    private static Map<String, Object> canonical(QueryTransformation transformation) {
        return Map.of(
                "transformation",
                transformation.identity().toCanonical(),
                "timeoutMillis",
                transformation.timeout().map(Duration::toMillis).orElse(0L));
    }

    /**
     * Starts an expansion.
     *
     * @param retriever finds passages for each question
     * @param executor runs models and questions; one that is not shared with the retriever, or grows when threads wait
     * @return a builder
     */
    public static Builder builder(Retriever retriever, Executor executor) {
        return new Builder(retriever, executor);
    }

    @Override
    public Retrieval retrieve(RetrievalRequest request) {
        return explain(request).retrieval();
    }

    /**
     * Retrieves and says what was asked.
     *
     * @param request what to look for
     * @return the result with its reasons
     * @throws LifecycleException when every question, or a transformation without a timeout, fails, or the thread is
     *     interrupted
     */
    public ExpansionExplanation explain(RetrievalRequest request) {
        List<HybridExplanation.DroppedSource> dropped = new ArrayList<>();
        List<ExpansionExplanation.AskedQuestion> asked = questions(request, dropped);
        Map<Integer, Retrieval> found = ask(request, asked, dropped);
        dropped.forEach(onDropped);
        if (found.isEmpty()) {
            throw new LifecycleException("Retrieving from '" + corpusId() + "' failed for each of " + asked.size()
                    + " questions: " + dropped + "; check the retriever or allow more time");
        }
        List<HybridExplanation.FusedPassage> fused = fuse(found, asked.size() == 1);
        Set<String> states = new LinkedHashSet<>();
        found.values().forEach(retrieval -> states.add(retrieval.snapshotId()));
        StringBuilder snapshot = new StringBuilder(String.join("+", states)).append(contentIds());
        dropped.forEach(each -> snapshot.append(";without=").append(each.source()));
        Retrieval retrieval = new Retrieval(
                fused.stream().map(HybridExplanation.FusedPassage::passage).toList(), snapshot.toString());
        return new ExpansionExplanation(retrieval, asked, fused, dropped);
    }

    private List<ExpansionExplanation.AskedQuestion> questions(
            RetrievalRequest request, List<HybridExplanation.DroppedSource> dropped) {
        ExpansionExplanation.AskedQuestion original =
                new ExpansionExplanation.AskedQuestion(request.text(), ORIGINAL, "as it was asked");
        ExpansionExplanation.AskedQuestion leading = original;
        List<ExpansionExplanation.AskedQuestion> added = new ArrayList<>();
        for (QueryTransformation transformation : transformations) {
            String name = transformation.identity().name();
            Optional<QueryTransformation.Transformed> made =
                    transform(transformation, leading.text(), request, dropped);
            if (made.isEmpty()) {
                continue;
            }
            for (String text : made.get().questions()) {
                if (text.isBlank()) {
                    continue;
                }
                ExpansionExplanation.AskedQuestion question = new ExpansionExplanation.AskedQuestion(
                        text, name, made.get().reason());
                if (transformation.kind() == QueryTransformation.Kind.REWRITES) {
                    leading = question;
                    break;
                }
                added.add(question);
            }
        }
        Map<String, ExpansionExplanation.AskedQuestion> distinct = new LinkedHashMap<>();
        distinct.put(leading.text(), leading);
        if (askOriginal) {
            distinct.putIfAbsent(original.text(), original);
        }
        added.forEach(question -> distinct.putIfAbsent(question.text(), question));
        return distinct.values().stream().limit(maxQuestions).toList();
    }

    private Optional<QueryTransformation.Transformed> transform(
            QueryTransformation transformation,
            String question,
            RetrievalRequest request,
            List<HybridExplanation.DroppedSource> dropped) {
        String name = transformation.identity().name();
        if (transformation.timeout().isEmpty()) {
            try {
                return Optional.of(transformation.apply(question));
            } catch (LifecycleException e) {
                throw e;
            } catch (RuntimeException e) {
                throw new LifecycleException(
                        "The transformation '" + name + "' of a question failed; check its settings", e);
            }
        }
        Duration limit = TimedCall.limit(transformation.timeout().get(), request.deadline(), clock);
        return TimedCall.start("the transformation '" + name + "'", executor, () -> transformation.apply(question))
                .await(limit.toNanos(), reason -> dropped.add(new HybridExplanation.DroppedSource(name, reason)));
    }

    private Map<Integer, Retrieval> ask(
            RetrievalRequest request,
            List<ExpansionExplanation.AskedQuestion> asked,
            List<HybridExplanation.DroppedSource> dropped) {
        Map<Integer, Retrieval> found = new LinkedHashMap<>();
        if (asked.size() == 1) {
            found.put(1, retriever.retrieve(with(request, asked.get(0).text())));
            return found;
        }
        long start = System.nanoTime();
        Duration limit = TimedCall.limit(timeout, request.deadline(), clock);
        List<TimedCall<Retrieval>> calls = new ArrayList<>();
        try {
            for (ExpansionExplanation.AskedQuestion question : asked) {
                calls.add(TimedCall.start(
                        "question " + (calls.size() + 1),
                        executor,
                        () -> retriever.retrieve(with(request, question.text()))));
            }
            for (int i = 0; i < calls.size(); i++) {
                String name = "question " + (i + 1) + " (" + asked.get(i).from() + ")";
                Optional<Retrieval> retrieval = calls.get(i)
                        .await(
                                limit.toNanos() - (System.nanoTime() - start),
                                reason -> dropped.add(new HybridExplanation.DroppedSource(name, reason)));
                if (retrieval.isPresent()) {
                    found.put(i + 1, retrieval.get());
                }
            }
        } finally {
            calls.forEach(TimedCall::cancel);
        }
        return found;
    }

    private static RetrievalRequest with(RetrievalRequest request, String text) {
        return new RetrievalRequest(text, request.filter(), request.tenant(), request.deadline());
    }

    private List<HybridExplanation.FusedPassage> fuse(Map<Integer, Retrieval> found, boolean alone) {
        Map<String, Passage> passages = new LinkedHashMap<>();
        Map<String, List<HybridExplanation.Contribution>> contributions = new LinkedHashMap<>();
        found.forEach((number, retrieval) -> {
            List<Passage> ranking = retrieval.passages();
            List<Fusion.Place> places = Fusion.places(String.valueOf(number), 1, ranking);
            for (int i = 0; i < ranking.size(); i++) {
                Passage passage = ranking.get(i);
                passages.putIfAbsent(passage.id(), passage);
                contributions
                        .computeIfAbsent(passage.id(), id -> new ArrayList<>())
                        .add(new HybridExplanation.Contribution(
                                String.valueOf(number),
                                places.get(i).rank(),
                                passage.score(),
                                alone ? passage.score() : FUSION.contribution(places.get(i))));
            }
        });
        List<HybridExplanation.FusedPassage> fused = new ArrayList<>();
        contributions.forEach((id, parts) -> {
            Passage passage = Objects.requireNonNull(passages.get(id), "passage");
            double score = parts.stream()
                    .mapToDouble(HybridExplanation.Contribution::contribution)
                    .sum();
            fused.add(new HybridExplanation.FusedPassage(new Passage(id, passage.segment(), score), parts));
        });
        if (!alone) {
            fused.sort(Comparator.comparing(HybridExplanation.FusedPassage::passage, Scaling.BEST_FIRST));
        }
        return fused.subList(0, Math.min(maxPassages, fused.size()));
    }

    private String contentIds() {
        StringBuilder ids = new StringBuilder();
        for (QueryTransformation transformation : transformations) {
            transformation
                    .contentId()
                    .ifPresent(id -> ids.append(';')
                            .append(transformation.identity().name())
                            .append('=')
                            .append(id));
        }
        return ids.toString();
    }

    @Override
    public String corpusId() {
        return retriever.corpusId();
    }

    @Override
    public String snapshotId() {
        return retriever.snapshotId() + contentIds();
    }

    @Override
    public Identity identity() {
        return identity;
    }

    /**
     * Builds a {@link QueryExpansion}.
     *
     * <p>Not thread-safe.
     *
     * @since 0.1
     */
    public static final class Builder {

        private final Retriever retriever;
        private final Executor executor;
        private final List<QueryTransformation> transformations = new ArrayList<>();
        private boolean askOriginal;
        private int maxQuestions = 8;
        private int maxPassages = 10;
        private Duration timeout = Duration.ofSeconds(5);
        private Clock clock = Clock.systemUTC();
        private Consumer<? super HybridExplanation.DroppedSource> onDropped = dropped ->
                log.warn("Of an expanded question, '{}' was dropped: {}", dropped.source(), dropped.reason());

        private Builder(Retriever retriever, Executor executor) {
            this.retriever = Objects.requireNonNull(retriever, "retriever");
            this.executor = Objects.requireNonNull(executor, "executor");
        }

        /**
         * Adds a transformation behind those that are there.
         *
         * @param transformation what is done next
         * @return this builder
         */
        public Builder transformation(QueryTransformation transformation) {
            transformations.add(Objects.requireNonNull(transformation, "transformation"));
            return this;
        }

        /**
         * Asks the original question beside one that was rewritten, with the same weight. It guards against a wrong
         * rewriting, and costs some of what a right one gains. Default: the rewritten question alone.
         *
         * @return this builder
         */
        public Builder askOriginal() {
            this.askOriginal = true;
            return this;
        }

        /**
         * Limits how many questions are asked for one: the one that leads, the original, then those that were added.
         * Default: 8.
         *
         * @param maxQuestions at least 1
         * @return this builder
         * @throws IllegalArgumentException when it is less than 1
         */
        public Builder maxQuestions(int maxQuestions) {
            this.maxQuestions = requireAtLeastOne(maxQuestions, "maxQuestions");
            return this;
        }

        /**
         * Limits the result. Default: 10.
         *
         * @param maxPassages how many passages it has at most, at least 1
         * @return this builder
         * @throws IllegalArgumentException when it is less than 1
         */
        public Builder maxPassages(int maxPassages) {
            this.maxPassages = requireAtLeastOne(maxPassages, "maxPassages");
            return this;
        }

        private static int requireAtLeastOne(int value, String what) {
            if (value < 1) {
                throw new IllegalArgumentException(what + " must be at least 1 but was " + value);
            }
            return value;
        }

        /**
         * Limits how long the questions are waited for, where there are several. Default: 5 seconds.
         *
         * @param timeout from 1 millisecond to 1 day
         * @return this builder
         * @throws IllegalArgumentException when it is out of its range
         */
        public Builder timeout(Duration timeout) {
            this.timeout = TimedCall.requireTimeout(timeout, "a query expansion");
            return this;
        }

        /**
         * Sets the clock that deadlines are compared with. Default: the system's.
         *
         * @param clock tells the time
         * @return this builder
         */
        public Builder clock(Clock clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Sets who hears of dropped transformations and questions, on the thread that retrieves; what it throws reaches
         * the caller. Default: a warning in the log.
         *
         * @param listener hears of each
         * @return this builder
         */
        public Builder onDropped(Consumer<? super HybridExplanation.DroppedSource> listener) {
            this.onDropped = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /**
         * Builds the retriever.
         *
         * @return the retriever
         */
        public QueryExpansion build() {
            return new QueryExpansion(this);
        }
    }
}
