package dev.llmlifecycle.retrieval.hybrid;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.api.contract.RetrieverContract;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Retriever;
import dev.llmlifecycle.retrieval.lexical.HybridIndex;
import dev.llmlifecycle.retrieval.vector.TrigramModel;
import dev.llmlifecycle.retrieval.vector.VectorEntry;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;

@NullMarked
class HybridRetrieverContractTest extends RetrieverContract {

    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final List<HybridIndex> open = new ArrayList<>();

    @Override
    protected Retriever create(List<TextSegment> segments) {
        TrigramModel model = new TrigramModel();
        HybridIndex index = HybridIndex.builder(256).build();
        open.add(index);
        index.addAll(IntStream.range(0, segments.size())
                .mapToObj(i -> VectorEntry.of(
                        "passage " + i, model.embed(segments.get(i)).content().vector(), segments.get(i)))
                .toList());
        return HybridRetriever.builder("help", executor)
                .source("words", index.lexicalRetriever(50))
                .source("vectors", index.vectorRetriever(model, Identity.of("trigrams", "1"), 50))
                .build();
    }

    @AfterEach
    void close() {
        executor.shutdownNow();
        open.forEach(HybridIndex::close);
    }
}
