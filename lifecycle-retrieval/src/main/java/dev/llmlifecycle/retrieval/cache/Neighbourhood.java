package dev.llmlifecycle.retrieval.cache;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.store.embedding.filter.comparison.IsEqualTo;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.retrieval.vector.VectorEntry;
import dev.llmlifecycle.retrieval.vector.VectorIndex;
import dev.llmlifecycle.retrieval.vector.VectorMatch;
import dev.llmlifecycle.retrieval.vector.VectorQuery;
import dev.llmlifecycle.retrieval.vector.internal.VectorMath;

/**
 * Kept questions that are near to a vector, within a partition.
 *
 * <p>A small partition is a list whose vectors are compared one by one. What goes beyond is in one vector index for all
 * large partitions, so that a cache of questions over many contexts has no index at all. What it finds may have been
 * removed a moment ago; whoever asks looks it up.
 *
 * <p>Thread-safe.
 */
final class Neighbourhood implements AutoCloseable {

    private static final String PARTITION = "partition";
    private static final VectorMath MATH = VectorMath.best();

    /**
     * A near question.
     *
     * @param question the question
     * @param similarity the cosine
     */
    record Near(KeptQuestion question, double similarity) {}

    /** The questions of a partition: listed, or in the index. */
    private record Members(List<KeptQuestion> listed, boolean indexed, int size) {}

    private final int listLimit;
    private final Optional<Executor> executor;
    private final Map<KeptQuestion.Partition, Members> partitions = new ConcurrentHashMap<>();
    private final Map<String, KeptQuestion> indexed = new ConcurrentHashMap<>();
    private final AtomicReference<Optional<VectorIndex>> index = new AtomicReference<>(Optional.empty());

    Neighbourhood(int listLimit, Optional<Executor> executor) {
        this.listLimit = listLimit;
        this.executor = executor;
    }

    void add(KeptQuestion question) {
        partitions.compute(question.partition(), (partition, before) -> {
            if (before != null && before.indexed()) {
                index(List.of(question));
                return new Members(List.of(), true, before.size() + 1);
            }
            List<KeptQuestion> listed = new ArrayList<>(before == null ? List.of() : before.listed());
            listed.add(question);
            if (listed.size() <= listLimit) {
                return new Members(List.copyOf(listed), false, listed.size());
            }
            index(listed);
            return new Members(List.of(), true, listed.size());
        });
    }

    void remove(KeptQuestion question) {
        partitions.computeIfPresent(question.partition(), (partition, before) -> {
            int size = before.size();
            List<KeptQuestion> listed = before.listed();
            if (before.indexed()) {
                if (indexed.remove(question.id(), question)) {
                    opened().ifPresent(from -> from.remove(List.of(question.id())));
                    size--;
                }
            } else {
                listed = listed.stream().filter(each -> each != question).toList();
                size = listed.size();
            }
            return size == 0 ? null : new Members(listed, before.indexed(), size);
        });
    }

    /** Returns the nearest, best first; equally near ones by their ids. */
    List<Near> nearest(KeptQuestion.Partition partition, float[] vector, int k) {
        Members members = partitions.get(partition);
        if (members == null) {
            return List.of();
        }
        List<Near> near = new ArrayList<>();
        if (members.indexed()) {
            VectorQuery.Builder query = VectorQuery.builder(vector).k(k);
            if (members.size() < indexed.size()) {
                query.filter(new IsEqualTo(PARTITION, name(partition)));
            }
            VectorIndex from = opened().orElseThrow();
            for (VectorMatch match : from.search(query.build()).matches()) {
                KeptQuestion found = indexed.get(match.id());
                if (found != null && found.partition().equals(partition)) {
                    near.add(new Near(found, match.score()));
                }
            }
        } else {
            members.listed()
                    .forEach(question ->
                            near.add(new Near(question, MATH.dot(vector, 0, question.vector(), 0, vector.length))));
        }
        near.sort(Comparator.comparingDouble(Near::similarity)
                .reversed()
                .thenComparing(each -> each.question().id()));
        return near.size() <= k ? near : near.subList(0, k);
    }

    @Override
    public void close() {
        index.getAndSet(Optional.empty()).ifPresent(VectorIndex::close);
    }

    private void index(List<KeptQuestion> questions) {
        int dimension = questions.get(0).vector().length;
        VectorIndex into = opened().orElseGet(() -> open(dimension));
        List<VectorEntry> entries = new ArrayList<>();
        for (KeptQuestion question : questions) {
            indexed.put(question.id(), question);
            entries.add(VectorEntry.of(
                    question.id(), question.vector(), Metadata.from(PARTITION, name(question.partition()))));
        }
        into.addAll(entries);
    }

    private Optional<VectorIndex> opened() {
        return Objects.requireNonNull(index.get(), "index");
    }

    /** Opens the index unless another thread is faster. */
    private VectorIndex open(int dimension) {
        VectorIndex.Builder builder = VectorIndex.builder(dimension).longestWait(Duration.ZERO);
        executor.ifPresent(builder::executor);
        VectorIndex opened = builder.build();
        Optional<VectorIndex> winner = index.updateAndGet(now -> now.isPresent() ? now : Optional.of(opened));
        VectorIndex kept = Objects.requireNonNull(winner.orElse(null), "index");
        if (kept != opened) {
            opened.close();
        }
        return kept;
    }

    private static String name(KeptQuestion.Partition partition) {
        String tenant = partition.tenant().map(each -> "t" + each).orElse("");
        return Hash.ofUtf8(partition.release().hex()
                        + '\n'
                        + partition.context().hex()
                        + '\n'
                        + partition.prompt().length()
                        + ':'
                        + partition.prompt()
                        + tenant)
                .hex();
    }
}
