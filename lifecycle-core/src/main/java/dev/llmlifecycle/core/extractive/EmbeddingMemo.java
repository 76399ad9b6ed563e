package dev.llmlifecycle.core.extractive;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.llmlifecycle.api.LifecycleException;

/**
 * Embeds texts and keeps the embeddings of the last ones used; the lock guards the map and is not held while embedding.
 */
final class EmbeddingMemo {

    private static final float LOAD_FACTOR = 0.75f;

    private final EmbeddingModel model;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Embedding> kept;

    EmbeddingMemo(EmbeddingModel model, int capacity) {
        this.model = model;
        this.kept = new LinkedHashMap<>(16, LOAD_FACTOR, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Embedding> eldest) {
                return size() > capacity;
            }
        };
    }

    /** Returns the embeddings in the order of the texts. */
    List<Embedding> embed(List<String> texts) {
        Map<String, Embedding> known = lookUp(texts);
        List<String> missing = texts.stream()
                .filter(text -> !known.containsKey(text))
                .distinct()
                .toList();
        if (!missing.isEmpty()) {
            List<Embedding> embeddings = model.embedAll(
                            missing.stream().map(TextSegment::from).toList())
                    .content();
            if (embeddings.size() != missing.size()) {
                throw new LifecycleException("The embedding model was given " + missing.size() + " texts but returned "
                        + embeddings.size() + " embeddings; check its embedAll");
            }
            for (int i = 0; i < missing.size(); i++) {
                known.put(missing.get(i), embeddings.get(i));
            }
            keep(missing, embeddings);
        }
        return texts.stream().map(known::get).map(Objects::requireNonNull).toList();
    }

    private Map<String, Embedding> lookUp(List<String> texts) {
        lock.lock();
        try {
            Map<String, Embedding> known = new HashMap<>();
            for (String text : texts) {
                Embedding embedding = kept.get(text);
                if (embedding != null) {
                    known.put(text, embedding);
                }
            }
            return known;
        } finally {
            lock.unlock();
        }
    }

    private void keep(List<String> texts, List<Embedding> embeddings) {
        lock.lock();
        try {
            for (int i = 0; i < texts.size(); i++) {
                kept.put(texts.get(i), embeddings.get(i));
            }
        } finally {
            lock.unlock();
        }
    }
}
