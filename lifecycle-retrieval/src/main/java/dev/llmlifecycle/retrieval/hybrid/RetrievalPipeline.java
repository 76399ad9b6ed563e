package dev.llmlifecycle.retrieval.hybrid;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A retriever whose passages go through stages: ranked anew, made diverse, expanded, merged, packed into a budget.
 *
 * <pre>{@code
 * Retriever retriever = RetrievalPipeline.builder(hybrid)
 *         .executor(executor)
 *         .stage(RetrievalStages.rerank(scoringModel, identity, 50, Duration.ofMillis(300)))
 *         .stage(RetrievalStages.mergeNeighbours(4, 4_000))
 *         .stage(RetrievalStages.pack(2_000, tokens, tokensIdentity, PackingOrder.BOTH_ENDS))
 *         .build();
 * }</pre>
 *
 * <p>A stage that may be late ({@link RetrievalStage#timeout}) runs on the executor. When it is late for its timeout or
 * the request's deadline, or fails, it is dropped and named, and the passages pass it unchanged; the snapshot id of the
 * retrieval then names it too, so that no cache takes the result for a whole one. A late stage is interrupted and holds
 * its thread until it heeds that. A stage without a timeout runs on the caller's thread, and its failure is that of the
 * retrieval.
 *
 * <p>The order of the passages is that of the last stage: best first, unless a stage such as packing orders them to be
 * read. Scores are those of the last stage that gave any.
 *
 * <p>Thread-safe when its parts are.
 *
 * @since 0.1
 */
public final class RetrievalPipeline implements Retriever {

    private static final Logger log = LoggerFactory.getLogger(RetrievalPipeline.class);

    private final Retriever retriever;
    private final List<RetrievalStage> stages;
    private final @Nullable Executor executor;
    private final Clock clock;
    private final Consumer<? super PipelineExplanation.DroppedStage> onDropped;
    private final Identity identity;

    private RetrievalPipeline(Builder builder) {
        this.retriever = builder.retriever;
        this.stages = List.copyOf(builder.stages);
        this.executor = builder.executor;
        this.clock = builder.clock;
        this.onDropped = builder.onDropped;
        this.identity = Identity.of(
                "retrieval-pipeline",
                "1",
                Map.of(
                        "retriever",
                        retriever.identity().toCanonical(),
                        "stages",
                        stages.stream().map(RetrievalPipeline::canonical).toList()));
    }

    private static Map<String, Object> canonical(RetrievalStage stage) {
        return Map.of(
                "stage",
                stage.identity().toCanonical(),
                "timeoutMillis",
                stage.timeout().map(Duration::toMillis).orElse(0L));
    }

    /**
     * Starts a pipeline.
     *
     * @param retriever finds the passages
     * @return a builder
     */
    public static Builder builder(Retriever retriever) {
        return new Builder(retriever);
    }

    @Override
    public Retrieval retrieve(RetrievalRequest request) {
        return explain(request).retrieval();
    }

    /**
     * Retrieves and says what each stage did.
     *
     * @param request what to look for
     * @return the result with its reasons
     * @throws LifecycleException when the retriever or a stage without a timeout fails, or the thread is interrupted
     */
    public PipelineExplanation explain(RetrievalRequest request) {
        Retrieval found = retriever.retrieve(request);
        List<PipelineExplanation.StageReport> reports = new ArrayList<>();
        List<PipelineExplanation.DroppedStage> dropped = new ArrayList<>();
        List<Passage> passages = found.passages();
        for (RetrievalStage stage : stages) {
            if (passages.isEmpty()) {
                break;
            }
            Optional<RetrievalStage.Outcome> outcome = run(stage, request, passages, dropped);
            if (outcome.isPresent()) {
                reports.add(report(stage, passages, outcome.get()));
                passages = outcome.get().kept().stream()
                        .map(RetrievalStage.Kept::passage)
                        .toList();
            }
        }
        dropped.forEach(onDropped);
        return new PipelineExplanation(new Retrieval(passages, snapshotId(found, dropped)), found, reports, dropped);
    }

    private Optional<RetrievalStage.Outcome> run(
            RetrievalStage stage,
            RetrievalRequest request,
            List<Passage> passages,
            List<PipelineExplanation.DroppedStage> dropped) {
        String name = stage.identity().name();
        if (executor == null || stage.timeout().isEmpty()) {
            try {
                return Optional.of(stage.apply(request, passages));
            } catch (LifecycleException e) {
                throw e;
            } catch (RuntimeException e) {
                throw new LifecycleException(
                        "The stage '" + name + "' failed on " + passages.size() + " passages; check its settings", e);
            }
        }
        Duration limit = TimedCall.limit(stage.timeout().get(), request.deadline(), clock);
        return TimedCall.start("the stage '" + name + "'", executor, () -> stage.apply(request, passages))
                .await(limit.toNanos(), reason -> dropped.add(new PipelineExplanation.DroppedStage(name, reason)));
    }

    private static PipelineExplanation.StageReport report(
            RetrievalStage stage, List<Passage> before, RetrievalStage.Outcome outcome) {
        String name = stage.identity().name();
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < before.size(); i++) {
            places.put(before.get(i).id(), i);
        }
        Set<String> ids = new HashSet<>();
        List<PipelineExplanation.Change> changes = new ArrayList<>();
        for (RetrievalStage.Kept kept : outcome.kept()) {
            @Nullable Integer place = places.get(kept.from().get(0));
            if (place == null || !ids.add(kept.passage().id())) {
                throw new IllegalStateException("the stage '" + name + "' kept the passage '"
                        + kept.passage().id() + "' made from '" + kept.from().get(0)
                        + "'; a stage must make each passage once, from passages it was given");
            }
            changes.add(new PipelineExplanation.Change(
                    kept.passage().id(),
                    kept.from(),
                    place + 1,
                    before.get(place).score(),
                    changes.size() + 1,
                    kept.passage().score(),
                    kept.reason()));
        }
        return new PipelineExplanation.StageReport(name, changes, outcome.leftOut());
    }

    private static String snapshotId(Retrieval found, List<PipelineExplanation.DroppedStage> dropped) {
        StringBuilder id = new StringBuilder(found.snapshotId());
        dropped.forEach(stage -> id.append(";without=").append(stage.stage()));
        return id.toString();
    }

    @Override
    public String corpusId() {
        return retriever.corpusId();
    }

    @Override
    public String snapshotId() {
        return retriever.snapshotId();
    }

    @Override
    public Identity identity() {
        return identity;
    }

    /**
     * Builds a {@link RetrievalPipeline}.
     *
     * <p>Not thread-safe.
     *
     * @since 0.1
     */
    public static final class Builder {

        private final Retriever retriever;
        private final List<RetrievalStage> stages = new ArrayList<>();
        private @Nullable Executor executor;
        private Clock clock = Clock.systemUTC();
        private Consumer<? super PipelineExplanation.DroppedStage> onDropped =
                dropped -> log.warn("The stage '{}' was dropped: {}", dropped.stage(), dropped.reason());

        private Builder(Retriever retriever) {
            this.retriever = Objects.requireNonNull(retriever, "retriever");
        }

        /**
         * Adds a stage behind those that are there.
         *
         * @param stage what is done next
         * @return this builder
         */
        public Builder stage(RetrievalStage stage) {
            stages.add(Objects.requireNonNull(stage, "stage"));
            return this;
        }

        /**
         * Sets what runs the stages that may be late. Default: none.
         *
         * @param executor needs a thread to spare for each stage that hangs
         * @return this builder
         */
        public Builder executor(Executor executor) {
            this.executor = Objects.requireNonNull(executor, "executor");
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
         * Sets who hears of dropped stages, on the thread that retrieves; what it throws reaches the caller. Default: a
         * warning in the log.
         *
         * @param listener hears of each dropped stage
         * @return this builder
         */
        public Builder onDropped(Consumer<? super PipelineExplanation.DroppedStage> listener) {
            this.onDropped = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /**
         * Builds the retriever.
         *
         * @return the retriever
         * @throws IllegalStateException when a stage has a timeout and there is no executor
         */
        public RetrievalPipeline build() {
            for (RetrievalStage stage : stages) {
                if (executor == null && stage.timeout().isPresent()) {
                    throw new IllegalStateException(
                            "the stage '" + stage.identity().name()
                                    + "' has a timeout but the pipeline has no executor; name one to run it");
                }
            }
            return new RetrievalPipeline(this);
        }
    }
}
