package dev.llmlifecycle.retrieval.lexical;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import dev.llmlifecycle.api.LifecycleException;

/**
 * What decides which entries a question finds.
 *
 * @param language the code of the language of texts that name none
 * @param languageKey the metadata that names the language of a text
 * @param k1 the k1 of BM25
 * @param b the b of BM25
 * @param maxTerms how many terms of a question count
 * @param corpusId the name of the corpus
 */
record LexicalOptions(
        Optional<String> language, Optional<String> languageKey, double k1, double b, int maxTerms, String corpusId) {

    static final int MAX_TERMS = 128;

    /** Lucene refuses questions of more. */
    static final int MOST_TERMS = 1_000;

    static final LexicalOptions DEFAULT =
            new LexicalOptions(Optional.empty(), Optional.empty(), 1.2, 0.75, MAX_TERMS, "default");

    LexicalOptions {
        if (!(k1 >= 0 && k1 <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException("the k1 of BM25 is " + k1 + "; give a number from 0, such as 1.2");
        }
        if (!(b >= 0 && b <= 1)) {
            throw new IllegalArgumentException("the b of BM25 is " + b + "; give a number from 0 to 1, such as 0.75");
        }
        if (maxTerms < 1 || maxTerms > MOST_TERMS) {
            throw new IllegalArgumentException(
                    "a question is to have at most " + maxTerms + " terms; give a number from 1 to " + MOST_TERMS);
        }
        if (Objects.requireNonNull(corpusId, "corpusId").isBlank()) {
            throw new IllegalArgumentException("the corpus id of a lexical index is blank; give it a name that stays");
        }
        languageKey.filter(String::isBlank).ifPresent(key -> {
            throw new IllegalArgumentException(
                    "the metadata key of the language is blank; name the key, or leave it out");
        });
    }

    /** Says what to add when Lucene is missing, before a class of it is needed. */
    static void requireLucene(ClassLoader loader) {
        try {
            Class.forName("org.apache.lucene.index.IndexWriter", false, loader);
            Class.forName("org.apache.lucene.analysis.en.EnglishAnalyzer", false, loader);
        } catch (ClassNotFoundException e) {
            throw new LifecycleException(
                    "Building a lexical index failed: " + e.getMessage()
                            + " is not on the class path; add org.apache.lucene:lucene-core and"
                            + " org.apache.lucene:lucene-analysis-common, 9.12",
                    e);
        }
    }

    static int requirePassages(int maxPassages) {
        if (maxPassages < 1) {
            throw new IllegalArgumentException(
                    "a retriever is to return " + maxPassages + " passages at most; give at least 1");
        }
        return maxPassages;
    }

    LexicalOptions withLanguage(Locale value) {
        return new LexicalOptions(Optional.of(Analysis.code(value)), languageKey, k1, b, maxTerms, corpusId);
    }

    LexicalOptions withLanguageKey(String value) {
        return new LexicalOptions(language, Optional.of(value), k1, b, maxTerms, corpusId);
    }

    LexicalOptions withBm25(double newK1, double newB) {
        return new LexicalOptions(language, languageKey, newK1, newB, maxTerms, corpusId);
    }

    LexicalOptions withMaxTerms(int value) {
        return new LexicalOptions(language, languageKey, k1, b, value, corpusId);
    }

    LexicalOptions withCorpusId(String value) {
        return new LexicalOptions(language, languageKey, k1, b, maxTerms, value);
    }

    Analysis analysis() {
        return new Analysis(language, languageKey);
    }

    LexicalState.Scoring scoring() {
        return new LexicalState.Scoring(k1, b, maxTerms);
    }

    /** Returns what belongs into the identity of a retriever. */
    Map<String, Object> toCanonical() {
        Map<String, Object> canonical = new HashMap<>(Map.of("k1", k1, "b", b, "maxTerms", maxTerms));
        language.ifPresent(code -> canonical.put("language", code));
        languageKey.ifPresent(key -> canonical.put("languageKey", key));
        return canonical;
    }

    String description() {
        return "corpus " + corpusId + ", " + language.orElse("any") + " language";
    }
}
