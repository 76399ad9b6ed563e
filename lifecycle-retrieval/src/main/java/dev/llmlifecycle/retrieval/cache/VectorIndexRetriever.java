package dev.llmlifecycle.retrieval.cache;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.retrieval.Retrieval;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;
import dev.llmlifecycle.api.retrieval.RevalidatingRetriever;
import dev.llmlifecycle.retrieval.vector.VectorChange;
import dev.llmlifecycle.retrieval.vector.VectorEntry;
import dev.llmlifecycle.retrieval.vector.VectorIndex;
import dev.llmlifecycle.retrieval.vector.VectorMatch;
import dev.llmlifecycle.retrieval.vector.VectorQuery;
import dev.llmlifecycle.retrieval.vector.VectorSimilarity;
import dev.llmlifecycle.retrieval.vector.VectorSnapshot;

/**
 * The nearest entries of a {@link VectorIndex} as passages; it knows which changes of the index cannot have touched
 * what it found.
 *
 * <p>It remembers the ids of the latest 4,096 changes, but for those of more than 10,000 entries, which can touch
 * anything. A retrieval of snapshot {@code a} holds in snapshot {@code b} when every change between them is remembered,
 * none touched one of its passages, and every entry that they put and that is still there is further from the question
 * than the last passage. Fewer passages than asked for leave room for any entry. The search is exact, as a graph that
 * changes can find other entries without a reason one could name.
 *
 * <p>Entries without text are no passages: finding one fails. Thread-safe. Closing it only stops the listening; the
 * index stays open.
 *
 * @since 0.1
 */
public final class VectorIndexRetriever implements RevalidatingRetriever, AutoCloseable {

    private static final int REMEMBERED = 4_096;

    private static final int LARGEST = 10_000;

    /** More than single precision can round a score; such an entry counts as one that may come in. */
    private static final double ROUNDING = 1e-5;

    private final VectorIndex index;
    private final EmbeddingModel model;
    private final String corpusId;
    private final int k;
    private final Identity identity;
    private final Consumer<VectorChange> listener = this::remember;
    private final ConcurrentSkipListMap<Long, Set<String>> changes = new ConcurrentSkipListMap<>();

    /**
     * Starts to listen to an index.
     *
     * @param index what is searched; with similarity {@code COSINE}
     * @param model embeds questions
     * @param modelIdentity what the model is
     * @param corpusId names what the index holds
     * @param k how many passages are found at most; at least 1
     */
    public VectorIndexRetriever(
            VectorIndex index, EmbeddingModel model, Identity modelIdentity, String corpusId, int k) {
        this.index = Objects.requireNonNull(index, "index");
        this.model = Objects.requireNonNull(model, "model");
        this.corpusId = Objects.requireNonNull(corpusId, "corpusId");
        if (index.similarity() != VectorSimilarity.COSINE) {
            throw new IllegalArgumentException("the index of corpus '" + corpusId + "' compares by "
                    + index.similarity() + "; build it with COSINE");
        }
        if (k < 1) {
            throw new IllegalArgumentException("k must be at least 1 but was " + k + "; ask for at least one passage");
        }
        this.k = k;
        this.identity = Identity.of("vector-index", "1", Map.of("model", modelIdentity.toCanonical(), "k", k));
        index.addListener(listener);
    }

    @Override
    public Revalidatable retrieveRevalidatable(RetrievalRequest request) {
        VectorSnapshot snapshot = index.snapshot();
        if (request.text().trim().isEmpty()) {
            // Control characters alone, which embedding models refuse.
            return new Found(new float[0], new Retrieval(List.of(), name(snapshot)), snapshot.id());
        }
        float[] question = model.embed(request.text()).content().vector();
        VectorQuery.Builder query = VectorQuery.builder(question).k(k).exact(true);
        request.filter().ifPresent(query::filter);
        request.deadline().ifPresent(query::deadline);
        List<Passage> passages = new ArrayList<>();
        for (VectorMatch match : snapshot.search(query.build()).matches()) {
            String text = match.text()
                    .orElseThrow(() -> new IllegalStateException("Entry '" + match.id() + "' of corpus '" + corpusId
                            + "' has no text; put entries with their text segments"));
            passages.add(new Passage(match.id(), TextSegment.from(text, match.metadata()), match.score()));
        }
        return new Found(question, new Retrieval(passages, name(snapshot)), snapshot.id());
    }

    @Override
    public String corpusId() {
        return corpusId;
    }

    @Override
    public String snapshotId() {
        return name(index.snapshot());
    }

    @Override
    public Identity identity() {
        return identity;
    }

    /** Stops listening to the index. */
    @Override
    public void close() {
        index.removeListener(listener);
        changes.clear();
    }

    /** Names a state of this index: how many changes made it, and how many entries it has. */
    private static String name(VectorSnapshot snapshot) {
        return snapshot.id() + "-" + snapshot.size();
    }

    private void remember(VectorChange change) {
        if (change.put().size() + change.removed().size() <= LARGEST) {
            Set<String> ids = new HashSet<>(change.put());
            ids.addAll(change.removed());
            changes.put(change.snapshotId(), Set.copyOf(ids));
        }
        while (changes.size() > REMEMBERED) {
            changes.pollFirstEntry();
        }
    }

    /** Returns the ids changed after one snapshot up to another, or nothing when a change is not known. */
    private Optional<Set<String>> changed(long after, long upTo) {
        if (upTo - after > REMEMBERED) {
            return Optional.empty();
        }
        Set<String> all = new HashSet<>();
        for (long id = after + 1; id <= upTo; id++) {
            // Not there yet, as listeners hear of a change after it can be seen, or not any more.
            Set<String> ids = changes.get(id);
            if (ids == null) {
                return Optional.empty();
            }
            all.addAll(ids);
        }
        return Optional.of(all);
    }

    private final class Found implements Revalidatable {

        private final float[] question;
        private final Retrieval retrieval;
        private final long snapshotId;

        Found(float[] question, Retrieval retrieval, long snapshotId) {
            this.question = question;
            this.retrieval = retrieval;
            this.snapshotId = snapshotId;
        }

        @Override
        public Retrieval retrieval() {
            return retrieval;
        }

        @Override
        public Optional<Revalidatable> current() {
            VectorSnapshot now = index.snapshot();
            if (now.id() == snapshotId) {
                return Optional.of(this);
            }
            return changed(snapshotId, now.id())
                    .filter(ids -> untouched(ids, now))
                    .map(ids -> new Found(question, new Retrieval(retrieval.passages(), name(now)), now.id()));
        }

        private boolean untouched(Set<String> ids, VectorSnapshot now) {
            List<Passage> passages = retrieval.passages();
            if (passages.stream().anyMatch(passage -> ids.contains(passage.id()))) {
                return false;
            }
            double last = passages.size() < k
                    ? Double.NEGATIVE_INFINITY
                    : passages.get(passages.size() - 1).score();
            return question.length == 0
                    || ids.stream()
                            .allMatch(id -> now.get(id)
                                    .map(entry -> cosine(question, entry) < last - ROUNDING)
                                    .orElse(true));
        }
    }

    private static double cosine(float[] question, VectorEntry entry) {
        float[] vector = entry.vector();
        double product = 0;
        double one = 0;
        double other = 0;
        for (int i = 0; i < vector.length; i++) {
            product += (double) question[i] * vector[i];
            one += (double) question[i] * question[i];
            other += (double) vector[i] * vector[i];
        }
        return product / Math.sqrt(one * other);
    }
}
