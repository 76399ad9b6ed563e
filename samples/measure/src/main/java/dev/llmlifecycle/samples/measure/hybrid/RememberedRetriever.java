package dev.llmlifecycle.samples.measure.hybrid;

import java.util.HashMap;
import java.util.Map;

import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Retrieval;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;
import dev.llmlifecycle.api.retrieval.Retriever;

/** Asks each question once, since every system has the same sources. Not thread-safe. */
final class RememberedRetriever implements Retriever {

    private final Retriever retriever;
    private final Map<RetrievalRequest, Retrieval> known = new HashMap<>();

    RememberedRetriever(Retriever retriever) {
        this.retriever = retriever;
    }

    @Override
    public Retrieval retrieve(RetrievalRequest request) {
        return known.computeIfAbsent(request, retriever::retrieve);
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
        return retriever.identity();
    }
}
