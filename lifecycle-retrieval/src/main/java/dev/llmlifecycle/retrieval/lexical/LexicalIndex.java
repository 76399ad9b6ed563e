package dev.llmlifecycle.retrieval.lexical;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

import dev.langchain4j.store.embedding.filter.Filter;
import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.retrieval.Retriever;

/**
 * Texts with metadata, in memory or in a directory, and which of them have the words of a question (BM25, on Lucene).
 *
 * <pre>{@code
 * try (LexicalIndex index = LexicalIndex.builder().language(Locale.ENGLISH).directory(path).build()) {
 *     index.add(LexicalEntry.of("refunds-1", "Refunds take five days."));
 *     LexicalSearchResult result = index.search(LexicalQuery.of("How long does a refund take?", 5));
 * }
 * }</pre>
 *
 * <p>Without a language, words of any script are found as they are written, in upper or lower case, with or without
 * accents; with one, Lucene's analyzer of that language also knows its endings and its words without meaning. A
 * question is plain text: no character has a meaning of its own. A question without a word that counts finds nothing.
 *
 * <p>A score is that of Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009),
 * without the constant factor {@code k1 + 1}, with lengths rounded to the 256 that Lucene tells apart. Entries that
 * were removed or replaced count in the statistics until Lucene merges their segment.
 *
 * <p>A change is there for every search that begins after the call returned, whole or not at all. A search sees one
 * state from its beginning to its end. In a directory, a change is forced to the disk before it is seen: give many
 * entries at once.
 *
 * <p>Needs {@code org.apache.lucene:lucene-core} and {@code org.apache.lucene:lucene-analysis-common} on the class
 * path.
 *
 * <p>Thread-safe: searches never wait, changes wait for each other.
 *
 * @since 0.1
 */
public final class LexicalIndex implements AutoCloseable {

    private final LuceneStore store;
    private final LexicalOptions options;

    private LexicalIndex(LuceneStore store, LexicalOptions options) {
        this.store = store;
        this.options = options;
    }

    /**
     * Starts an index.
     *
     * @return a builder
     * @throws LifecycleException when Lucene is not on the class path
     */
    public static Builder builder() {
        LexicalOptions.requireLucene(LexicalIndex.class.getClassLoader());
        return new Builder();
    }

    /**
     * Adds an entry, in the place of an older one with its id.
     *
     * @param entry the entry
     * @throws LifecycleException when it cannot be written
     */
    public void add(LexicalEntry entry) {
        addAll(List.of(entry));
    }

    /**
     * Adds entries, all or none, each in the place of an older one with its id.
     *
     * @param entries the entries, each id once; without any, nothing happens
     * @throws IllegalArgumentException when an id is there twice
     * @throws LifecycleException when they cannot be written; then the index has to be opened again
     */
    public void addAll(Collection<LexicalEntry> entries) {
        Set<String> ids = new HashSet<>();
        for (LexicalEntry entry : entries) {
            if (!ids.add(entry.id())) {
                throw new IllegalArgumentException("Adding " + entries.size() + " entries at once found the id '"
                        + entry.id() + "' twice; leave out the one that is not to stay");
            }
        }
        store.put(entries);
    }

    /**
     * Removes entries; ids that are not there are passed over.
     *
     * @param ids whose entries go, all or none
     * @return how many entries were there
     * @throws LifecycleException when it cannot be written; then the index has to be opened again
     */
    public int remove(Collection<String> ids) {
        return store.remove(ids);
    }

    /**
     * Removes the entries that match when this is called; one that is changed meanwhile stays.
     *
     * @param filter what to remove, by metadata
     * @return how many entries went
     * @throws LifecycleException when it cannot be written; then the index has to be opened again
     */
    public int remove(Filter filter) {
        Objects.requireNonNull(filter, "filter");
        // The filter can be the host's own code: no lock is held.
        Map<String, ContentHash> seen = store.read(state -> state.hashes(filter));
        return store.removeUnchanged(seen);
    }

    /**
     * Removes all entries.
     *
     * @return how many there were
     * @throws LifecycleException when it cannot be written; then the index has to be opened again
     */
    public int removeAll() {
        return store.removeAll();
    }

    /**
     * Returns an entry.
     *
     * @param id its id
     * @return the entry, if there is one
     */
    public Optional<LexicalEntry> get(String id) {
        return store.read(state -> state.get(id));
    }

    /**
     * Returns how many entries there are.
     *
     * @return the number of entries
     */
    public int size() {
        return store.read(LexicalState::size);
    }

    /**
     * Names the latest state.
     *
     * @return a name that equal content shares, whatever index it is in
     */
    public String snapshotId() {
        return store.read(LexicalState::id);
    }

    /**
     * Finds the entries that have the words of a question, in the latest state.
     *
     * @param query what to look for
     * @return the entries, best first
     * @throws LifecycleException when the query's deadline passes or the index cannot be read
     */
    public LexicalSearchResult search(LexicalQuery query) {
        return store.read(state -> state.search(query));
    }

    /**
     * Collects the words of all entries as they are written, for the correction of questions. This reads every text.
     *
     * @return the words that the latest state has; later changes do not touch it
     */
    public SpellingVocabulary vocabulary() {
        return store.read(LexicalState::vocabulary);
    }

    /**
     * Returns a retriever over this index. It knows no tenants.
     *
     * @param maxPassages how many passages it returns at most
     * @return the retriever, which works until the index is closed
     */
    public Retriever retriever(int maxPassages) {
        return new LexicalRetriever(this::search, this::snapshotId, options, maxPassages);
    }

    /**
     * Shows what another process has written since this index was opened for reading or last refreshed.
     *
     * @return whether there was something new
     * @throws IllegalStateException when the index was not opened by {@link Builder#readOnly}
     */
    public boolean refresh() {
        return store.refresh();
    }

    /** Frees files and threads. Nothing has to be saved. May be called twice. */
    @Override
    public void close() {
        store.close();
    }

    @Override
    public String toString() {
        return "LexicalIndex[" + options.description() + "]";
    }

    /**
     * Builds a lexical index.
     *
     * <p>Not thread-safe.
     *
     * @since 0.1
     */
    public static final class Builder {

        private LexicalOptions options = LexicalOptions.DEFAULT;
        private Optional<Path> directory = Optional.empty();
        private boolean readOnly;
        private Clock clock = Clock.systemUTC();

        private Builder() {}

        LexicalOptions options() {
            return options;
        }

        /**
         * Sets the language of the texts, for Lucene's analyzer of it.
         *
         * @param language default none: words of any script, as they are written; of a directory always the same
         * @return this builder
         * @throws IllegalArgumentException when there is no analyzer for it, with those that there are
         */
        public Builder language(Locale language) {
            this.options = options.withLanguage(language);
            return this;
        }

        /**
         * Sets which metadata names the language of a text, such as {@code "en"} or {@code "pt-BR"}. A question is then
         * looked for in all languages that there are.
         *
         * @param key default none; texts without it, or with a language that has no analyzer, are analysed as
         *     {@link #language} says; of a directory always the same
         * @return this builder
         */
        public Builder languageKey(String key) {
            this.options = options.withLanguageKey(key);
            return this;
        }

        /**
         * Sets the constants of BM25.
         *
         * @param k1 default 1.2; how slowly more of the same word counts less, at least 0
         * @param b default 0.75; how much long texts are held back, from 0 to 1
         * @return this builder
         */
        public Builder bm25(double k1, double b) {
            this.options = options.withBm25(k1, b);
            return this;
        }

        /**
         * Sets how many distinct terms of a question are searched for at most; of more, those that are rarest among the
         * texts of their language.
         *
         * @param maxTerms default {@value LexicalOptions#MAX_TERMS}, from 1 to {@value LexicalOptions#MOST_TERMS}; of a
         *     question of more than {@value QuestionTerms#MOST_READ} distinct terms, divided by the number of languages
         *     but at least 256, the rest is not looked at
         * @return this builder
         */
        public Builder maxTerms(int maxTerms) {
            this.options = options.withMaxTerms(maxTerms);
            return this;
        }

        /**
         * Names the corpus, for retrievers.
         *
         * @param corpusId a name that stays when the content changes; default {@code "default"}
         * @return this builder
         */
        public Builder corpusId(String corpusId) {
            this.options = options.withCorpusId(corpusId);
            return this;
        }

        /**
         * Keeps the index in a directory, which one index at a time writes to.
         *
         * @param directory default none: in memory; created when it is missing
         * @return this builder
         */
        public Builder directory(Path directory) {
            this.directory = Optional.of(directory);
            return this;
        }

        /**
         * Opens the directory for reading only, also while another process writes to it.
         *
         * @return this builder
         */
        public Builder readOnly() {
            this.readOnly = true;
            return this;
        }

        /**
         * Sets the clock that deadlines are compared with.
         *
         * @param clock default the system's, UTC
         * @return this builder
         */
        public Builder clock(Clock clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Opens the index; in a directory, with all that was acknowledged. Every byte of it is compared with its
         * checksum.
         *
         * @return the index, which is to be closed
         * @throws LifecycleException when another writes to the directory, it cannot be read, or was made with another
         *     language
         * @throws DamagedDataException when a file is damaged
         */
        public LexicalIndex build() {
            if (readOnly && directory.isEmpty()) {
                throw new IllegalStateException(
                        "a lexical index in memory cannot be opened for reading only; name its directory");
            }
            LuceneStore store = LuceneStore.open(new LuceneStore.Settings(
                    directory, readOnly, directory.isPresent(), options.analysis(), options.scoring(), clock));
            return new LexicalIndex(store, options);
        }
    }
}
