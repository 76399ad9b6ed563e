package dev.llmlifecycle.retrieval.vector;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import dev.langchain4j.data.document.Document;
import dev.langchain4j.data.document.DocumentSplitter;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.retrieval.Retriever;
import dev.llmlifecycle.api.text.Sentences;
import dev.llmlifecycle.retrieval.ingest.DocumentFolder;
import dev.llmlifecycle.retrieval.ingest.FolderContent;
import dev.llmlifecycle.retrieval.ingest.PassageSplitter;
import dev.llmlifecycle.retrieval.ingest.SkippedFile;
import dev.llmlifecycle.retrieval.vector.internal.WriterLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An index of passages in process: it is made equal to documents by {@code ingest}, and searched by its retrievers.
 *
 * <p>Each passage is embedded with its title and headings, and each of its sentences alone. An ingestion asks the model
 * for texts that it has not embedded yet, and for no text twice. It takes effect as a whole: retrievers see the old
 * state until the new one is complete, and on disk a crash leaves either. What a crash or failure interrupts goes on
 * from the vectors already paid for.
 *
 * <p>Passages, words and vectors are held in memory: about 4 bytes for each dimension of each passage and sentence.
 * With a {@linkplain Builder#directory directory} they are kept on disk too and checked when the index is opened. One
 * process at a time may ingest into a directory, any number may read it.
 *
 * <p>Thread-safe. One ingestion runs at a time; retrievers work all the while.
 *
 * <pre>{@code
 * try (PassageIndex index = PassageIndex.builder(embeddingModel, Identity.of("all-minilm-l6-v2-q", "1"))
 *         .directory(Path.of("index"))
 *         .build()) {
 *     index.ingest(DocumentFolder.open(Path.of("docs")));
 *     Retrieval found = index.retriever().retrieve(RetrievalRequest.of("How long does a refund take?"));
 * }
 * }</pre>
 *
 * @since 0.1
 */
public final class PassageIndex implements AutoCloseable {

    static final String LOCK_FILE = "passages.lock";

    private static final Logger log = LoggerFactory.getLogger(PassageIndex.class);
    private static final int ID_DIGITS = 16;

    private final EmbeddingModel model;
    private final Identity modelIdentity;
    private final String corpusId;
    private final Optional<Path> directory;
    private final DocumentSplitter splitter;
    private final boolean sentenceVectors;
    private final int graphThreshold;
    private final Consumer<IngestProgress> progress;
    private final Duration lockTimeout;
    private final Clock clock;
    private final Executor executor;
    private final Optional<ExecutorService> owned;
    private final AtomicBoolean ingesting = new AtomicBoolean();
    private volatile Snapshot snapshot;
    private volatile boolean closed;

    private PassageIndex(Builder builder) {
        this.model = builder.model;
        this.modelIdentity = builder.modelIdentity;
        this.corpusId = builder.corpusId;
        this.directory = builder.directory;
        this.splitter = builder.splitter;
        this.sentenceVectors = builder.sentenceVectors;
        this.graphThreshold = builder.graphThreshold;
        this.progress = builder.progress;
        this.lockTimeout = builder.lockTimeout;
        this.clock = builder.clock;
        this.snapshot = stored().orElseGet(() -> new Snapshot(List.of()));
        if (builder.executor.isPresent()) {
            this.owned = Optional.empty();
            this.executor = builder.executor.get();
        } else {
            ExecutorService pool = ownExecutor();
            this.owned = Optional.of(pool);
            this.executor = pool;
        }
        buildGraph(snapshot);
    }

    /**
     * Starts an index.
     *
     * @param model what turns texts into vectors; safe for use by many threads
     * @param modelIdentity its name, version and configuration; vectors of another identity are never mixed in
     * @return a builder
     */
    public static Builder builder(EmbeddingModel model, Identity modelIdentity) {
        return new Builder(model, modelIdentity);
    }

    /**
     * Makes the index equal to a folder of documents.
     *
     * @param folder the folder
     * @return what was done
     * @throws LifecycleException when the folder has no document that can be read, the embedding model fails, or the
     *     index cannot be written; the index is then as it was
     */
    public IngestionReport ingest(DocumentFolder folder) {
        requireOpen();
        FolderContent content = folder.read();
        return ingest(content.documents(), content.skipped());
    }

    /**
     * Makes the index equal to documents.
     *
     * @param documents each with metadata {@link Passage#SOURCE}, and {@link Passage#TITLE} where it has one
     * @return what was done
     * @throws IllegalArgumentException when a document has no source
     * @throws LifecycleException when the embedding model fails or the index cannot be written; the index is then as it
     *     was
     */
    public IngestionReport ingest(Collection<Document> documents) {
        requireOpen();
        return ingest(List.copyOf(documents), List.of());
    }

    /**
     * Returns a retriever with the default settings.
     *
     * @return a retriever over whatever the index holds when it is asked
     */
    public Retriever retriever() {
        return retrieverBuilder().build();
    }

    /**
     * Starts a retriever with other settings.
     *
     * @return a builder
     */
    public RetrieverBuilder retrieverBuilder() {
        return new RetrieverBuilder(this);
    }

    /**
     * Returns the number of passages.
     *
     * @return how many there are now
     */
    public int size() {
        requireOpen();
        return snapshot.passages().size();
    }

    /**
     * Names the state of the index.
     *
     * @return a name that changes whenever the passages do, and is the same for the same passages
     */
    public String snapshotId() {
        requireOpen();
        return snapshot.id();
    }

    /** Ends the threads that the index started; an ingestion that runs fails and changes nothing. */
    @Override
    public void close() {
        closed = true;
        // Tasks that never ran are cancelled, so that nobody waits for them.
        owned.ifPresent(pool -> pool.shutdownNow().forEach(task -> {
            if (task instanceof Future<?> future) {
                future.cancel(false);
            }
        }));
    }

    Snapshot snapshot() {
        requireOpen();
        return snapshot;
    }

    EmbeddingModel model() {
        return model;
    }

    Identity modelIdentity() {
        return modelIdentity;
    }

    String corpusId() {
        return corpusId;
    }

    int graphThreshold() {
        return graphThreshold;
    }

    boolean sentenceVectors() {
        return sentenceVectors;
    }

    Clock clock() {
        return clock;
    }

    private IngestionReport ingest(List<Document> documents, List<SkippedFile> skipped) {
        if (!ingesting.compareAndSet(false, true)) {
            throw new IllegalStateException("this index is ingesting already; wait until it is done");
        }
        try {
            Map<String, TextSegment> passages = split(documents);
            if (directory.isEmpty()) {
                return ingest(documents.size(), passages, skipped, Optional.empty());
            }
            createDirectory(directory.get());
            try (WriterLock lock = WriterLock.acquire(directory.get().resolve(LOCK_FILE), lockTimeout)) {
                log.debug("Ingesting into {} under {}", directory.get(), lock);
                stored().filter(onDisk -> !onDisk.id().equals(snapshot.id())).ifPresent(this::publish);
                try (EmbeddingJournal journal = EmbeddingJournal.open(directory.get(), modelIdentity)) {
                    IngestionReport report = ingest(documents.size(), passages, skipped, Optional.of(journal));
                    journal.discard();
                    file(directory.get()).discardHalfWritten();
                    return report;
                }
            }
        } finally {
            ingesting.set(false);
        }
    }

    private IngestionReport ingest(
            int documents,
            Map<String, TextSegment> passages,
            List<SkippedFile> skipped,
            Optional<EmbeddingJournal> journal) {
        Snapshot before = snapshot;
        Map<Hash, String> texts = textsToEmbed(passages.values());
        Map<Hash, EmbeddedText> embedded = before.embeddedTexts();
        boolean sameTexts = embedded.keySet().equals(texts.keySet());
        journal.ifPresent(kept -> kept.kept().forEach(text -> embedded.putIfAbsent(text.key(), text)));
        Map<Hash, String> missing = new LinkedHashMap<>(texts);
        missing.keySet().removeAll(embedded.keySet());
        embed(missing, embedded, journal);

        Snapshot after = new Snapshot(passages.entrySet().stream()
                .map(passage -> indexed(passage.getKey(), passage.getValue(), embedded))
                .toList());
        requireOneDimension(after);
        requireOpen();
        boolean changed = !sameTexts || !after.id().equals(before.id());
        directory.map(this::file).filter(file -> changed || !file.exists()).ifPresent(file -> file.write(after));
        if (changed) {
            publish(after);
        }
        Set<String> idsBefore = ids(before);
        Set<String> idsAfter = ids(after);
        return new IngestionReport(
                documents,
                DocumentChanges.between(before, after),
                idsAfter.size(),
                (int) idsAfter.stream().filter(id -> !idsBefore.contains(id)).count(),
                (int) idsBefore.stream().filter(id -> !idsAfter.contains(id)).count(),
                missing.size(),
                texts.size() - missing.size(),
                skipped,
                after.id());
    }

    private void publish(Snapshot next) {
        snapshot = next;
        buildGraph(next);
    }

    /** Splits the documents into passages by their ids: the source and a hash of the content, counted if it repeats. */
    private Map<String, TextSegment> split(List<Document> documents) {
        Map<String, TextSegment> passages = new LinkedHashMap<>();
        for (Document document : documents) {
            String source = document.metadata().getString(Passage.SOURCE);
            if (source == null || source.isBlank()) {
                throw new IllegalArgumentException("a document to ingest has no metadata '" + Passage.SOURCE
                        + "'; name where it comes from, for citations");
            }
            Map<String, Integer> repeated = new HashMap<>();
            for (TextSegment segment : splitter.split(document)) {
                String hash = textKey(IndexedPassage.withContext(segment)).hex().substring(0, ID_DIGITS);
                String id = source + "#" + hash;
                int occurrence = repeated.merge(id, 1, Integer::sum);
                String unique = occurrence == 1 ? id : id + "-" + occurrence;
                if (passages.putIfAbsent(unique, segment) != null) {
                    throw new IllegalArgumentException("two documents to ingest have the source '" + source
                            + "' and the same text; give each document a source of its own");
                }
            }
        }
        return passages;
    }

    private Map<Hash, String> textsToEmbed(Collection<TextSegment> passages) {
        Map<Hash, String> texts = new LinkedHashMap<>();
        for (TextSegment passage : passages) {
            String whole = IndexedPassage.withContext(passage);
            texts.put(textKey(whole), whole);
            sentences(passage).forEach(sentence -> texts.put(textKey(sentence), sentence));
        }
        return texts;
    }

    private List<String> sentences(TextSegment passage) {
        if (!sentenceVectors) {
            return List.of();
        }
        return Sentences.split(passage.text()).stream()
                .map(span -> span.of(passage.text()))
                .filter(sentence -> !sentence.trim().isEmpty())
                .toList();
    }

    private void embed(
            Map<Hash, String> missing, Map<Hash, EmbeddedText> embedded, Optional<EmbeddingJournal> journal) {
        AtomicInteger done = new AtomicInteger();
        progress.accept(new IngestProgress(0, missing.size()));
        new BatchEmbedder(model, executor).embed(missing, batch -> {
            journal.ifPresent(open -> open.append(batch));
            batch.forEach(text -> embedded.put(text.key(), text));
            progress.accept(new IngestProgress(done.addAndGet(batch.size()), missing.size()));
        });
    }

    private IndexedPassage indexed(String id, TextSegment segment, Map<Hash, EmbeddedText> embedded) {
        return new IndexedPassage(
                id,
                segment,
                embedded(IndexedPassage.withContext(segment), embedded),
                sentences(segment).stream()
                        .map(sentence -> embedded(sentence, embedded))
                        .toList());
    }

    private static EmbeddedText embedded(String text, Map<Hash, EmbeddedText> embedded) {
        return Objects.requireNonNull(embedded.get(textKey(text)), "a text was not embedded");
    }

    private static Hash textKey(String text) {
        return Hash.ofUtf8(text);
    }

    private void requireOneDimension(Snapshot snapshot) {
        for (IndexedPassage passage : snapshot.passages()) {
            List<EmbeddedText> texts = new ArrayList<>(passage.sentences());
            texts.add(passage.whole());
            for (EmbeddedText text : texts) {
                if (text.vector().length != snapshot.dimension()) {
                    throw new LifecycleException("Ingesting found vectors of " + snapshot.dimension() + " and of "
                            + text.vector().length + " dimensions under the model identity " + modelIdentity
                            + "; give each model an identity of its own");
                }
            }
        }
    }

    private void buildGraph(Snapshot wanted) {
        if (wanted.passages().size() < graphThreshold) {
            return;
        }
        try {
            executor.execute(() -> {
                GraphSearch.build(wanted.vectors(), () -> snapshot == wanted && !closed)
                        .ifPresent(wanted::searchWith);
                log.debug("Built the graph of {} passages", wanted.passages().size());
            });
        } catch (RejectedExecutionException e) {
            log.warn(
                    "No graph of {} passages is built, searches stay exact; use an executor that accepts tasks",
                    wanted.passages().size(),
                    e);
        }
    }

    private Optional<Snapshot> stored() {
        return directory.flatMap(path -> file(path).read());
    }

    private PassageFile file(Path path) {
        return new PassageFile(path, modelIdentity, corpusId);
    }

    private static void createDirectory(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new LifecycleException(
                    "Creating the index directory " + directory + " failed; check that no file has its name and that"
                            + " its parent can be written to",
                    e);
        }
    }

    private static Set<String> ids(Snapshot snapshot) {
        Set<String> ids = new HashSet<>();
        snapshot.passages().forEach(passage -> ids.add(passage.id()));
        return ids;
    }

    private static ExecutorService ownExecutor() {
        AtomicInteger number = new AtomicInteger();
        return Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors(), task -> {
            Thread thread = new Thread(task, "passage-index-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the passage index is closed; build a new one");
        }
    }

    /**
     * Builds a {@link PassageIndex}.
     *
     * <p>Not thread-safe.
     */
    public static final class Builder {

        private final EmbeddingModel model;
        private final Identity modelIdentity;
        private Optional<Path> directory = Optional.empty();
        private String corpusId = "default";
        private Optional<Executor> executor = Optional.empty();
        private Consumer<IngestProgress> progress = step -> {};
        private int graphThreshold = 20_000;
        private DocumentSplitter splitter = PassageSplitter.builder().build();
        private boolean sentenceVectors = true;
        private Duration lockTimeout = Duration.ZERO;
        private Clock clock = Clock.systemUTC();

        private Builder(EmbeddingModel model, Identity modelIdentity) {
            this.model = Objects.requireNonNull(model, "model");
            this.modelIdentity = Objects.requireNonNull(modelIdentity, "modelIdentity");
        }

        /**
         * Sets where the index is kept.
         *
         * @param directory created by the first ingestion; default: in memory only
         * @return this builder
         */
        public Builder directory(Path directory) {
            this.directory = Optional.of(directory);
            return this;
        }

        /**
         * Names the corpus.
         *
         * @param corpusId a name that stays when the content changes; default {@code "default"}
         * @return this builder
         */
        public Builder corpusId(String corpusId) {
            if (corpusId.isBlank()) {
                throw new IllegalArgumentException("the corpus id is blank; name the corpus");
            }
            this.corpusId = corpusId;
            return this;
        }

        /**
         * Sets what runs the embedding batches and the building of a graph.
         *
         * @param executor left open by the index; default: threads of its own, one for each processor
         * @return this builder
         */
        public Builder executor(Executor executor) {
            this.executor = Optional.of(executor);
            return this;
        }

        /**
         * Sets who hears how far an ingestion is.
         *
         * @param progress called on the thread that ingests, after each batch; default: nobody
         * @return this builder
         */
        public Builder progress(Consumer<IngestProgress> progress) {
            this.progress = Objects.requireNonNull(progress, "progress");
            return this;
        }

        /**
         * Sets from how many passages on a graph (HNSW) is built and searched instead of every vector.
         *
         * <p>It is built in the background; until it is there, and for requests with a filter, every vector is looked
         * at.
         *
         * @param passages at least 1; default 20,000, about where a graph becomes faster
         * @return this builder
         */
        public Builder graphThreshold(int passages) {
            if (passages < 1) {
                throw new IllegalArgumentException("graphThreshold must be at least 1 but was " + passages
                        + "; give a large number for exact search only");
            }
            this.graphThreshold = passages;
            return this;
        }

        /**
         * Sets how documents are split.
         *
         * @param splitter default: a {@link PassageSplitter} with its defaults
         * @return this builder
         */
        public Builder splitter(DocumentSplitter splitter) {
            this.splitter = Objects.requireNonNull(splitter, "splitter");
            return this;
        }

        /**
         * Sets whether each sentence is embedded too, which costs memory and time and finds better.
         *
         * @param sentenceVectors default true; with false, retrievers cannot weigh sentences
         * @return this builder
         */
        public Builder sentenceVectors(boolean sentenceVectors) {
            this.sentenceVectors = sentenceVectors;
            return this;
        }

        /**
         * Sets how long an ingestion waits while another process ingests into the same directory.
         *
         * @param timeout not negative; default zero, which fails at once
         * @return this builder
         */
        public Builder lockTimeout(Duration timeout) {
            if (timeout.isNegative()) {
                throw new IllegalArgumentException(
                        "lockTimeout must not be negative but was " + timeout + "; zero fails at once");
            }
            this.lockTimeout = timeout;
            return this;
        }

        /**
         * Sets the clock that deadlines are held against.
         *
         * @param clock default: the system's
         * @return this builder
         */
        public Builder clock(Clock clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Opens the index, with what its directory holds.
         *
         * @return an open index, empty when its directory is
         * @throws dev.llmlifecycle.api.DamagedDataException when the file in the directory is damaged
         * @throws LifecycleException when it cannot be read, is of another format version, model or corpus
         */
        public PassageIndex build() {
            return new PassageIndex(this);
        }
    }

    /**
     * Builds a retriever over an index.
     *
     * <p>A passage's score is the weighted mean of three parts: the cosine of question and passage (weight 1), the
     * cosine of question and nearest sentence, and the share of the question's words that the passage or its headings
     * have, rare words counting more.
     *
     * <p>Not thread-safe.
     */
    public static final class RetrieverBuilder {

        private static final double HIGHEST_WEIGHT = 100;

        private final PassageIndex index;
        private int maxPassages = 5;
        private double minimumScore = -1;
        private double sentenceWeight;
        private double lexicalWeight = 1;
        private boolean parents;

        private RetrieverBuilder(PassageIndex index) {
            this.index = index;
            this.sentenceWeight = index.sentenceVectors() ? 1 : 0;
        }

        /**
         * Sets how many passages are returned at most.
         *
         * @param maxPassages from 1 to 1,000; default 5
         * @return this builder
         */
        public RetrieverBuilder maxPassages(int maxPassages) {
            if (maxPassages < 1 || maxPassages > 1000) {
                throw new IllegalArgumentException("maxPassages must be from 1 to 1000 but was " + maxPassages
                        + "; an answer rests on few passages");
            }
            this.maxPassages = maxPassages;
            return this;
        }

        /**
         * Sets the score below which a passage is left out.
         *
         * @param minimumScore from -1 to 1; default -1, which leaves out none
         * @return this builder
         */
        public RetrieverBuilder minimumScore(double minimumScore) {
            if (!(minimumScore >= -1 && minimumScore <= 1)) {
                throw new IllegalArgumentException("minimumScore must be from -1 to 1 but was " + minimumScore
                        + "; scores are means of cosines and shares");
            }
            this.minimumScore = minimumScore;
            return this;
        }

        /**
         * Sets how the nearest sentence weighs beside the passage.
         *
         * @param weight from 0 (not at all) to 100; default 1, or 0 when the index has no sentence vectors
         * @return this builder
         * @throws IllegalStateException when it is above 0 and the index has no sentence vectors
         */
        public RetrieverBuilder sentenceWeight(double weight) {
            requireWeight("sentenceWeight", weight);
            if (weight > 0 && !index.sentenceVectors()) {
                throw new IllegalStateException(
                        "sentenceWeight is above 0 but the index has no sentence vectors; build it with them");
            }
            this.sentenceWeight = weight;
            return this;
        }

        /**
         * Sets how common words weigh beside the passage.
         *
         * @param weight from 0 (not at all) to 100; default 1
         * @return this builder
         */
        public RetrieverBuilder lexicalWeight(double weight) {
            requireWeight("lexicalWeight", weight);
            this.lexicalWeight = weight;
            return this;
        }

        /**
         * Sets whether parents are returned in the place of the children that were found.
         *
         * <p>For an index of {@link dev.llmlifecycle.retrieval.ingest.Chunkers#parentChild parents and children}: each
         * parent comes once, with the score of its best child. Passages without a parent stay.
         *
         * @param parents default false
         * @return this builder
         */
        public RetrieverBuilder parents(boolean parents) {
            this.parents = parents;
            return this;
        }

        /**
         * Builds the retriever.
         *
         * @return a thread-safe retriever, usable until the index is closed
         */
        public Retriever build() {
            return new IndexRetriever(
                    index, maxPassages, minimumScore, new Snapshot.Weights(sentenceWeight, lexicalWeight), parents);
        }

        private static void requireWeight(String name, double weight) {
            if (!(weight >= 0 && weight <= HIGHEST_WEIGHT)) {
                throw new IllegalArgumentException(
                        name + " must be from 0 to 100 but was " + weight + "; the passage itself weighs 1");
            }
        }
    }
}
