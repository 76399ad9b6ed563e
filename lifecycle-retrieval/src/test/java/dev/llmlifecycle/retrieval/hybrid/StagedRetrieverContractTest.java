package dev.llmlifecycle.retrieval.hybrid;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.api.contract.RetrieverContract;
import dev.llmlifecycle.api.retrieval.Retriever;
import dev.llmlifecycle.retrieval.lexical.LexicalEntry;
import dev.llmlifecycle.retrieval.lexical.LexicalIndex;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;

/** Question transformations in front of, and stages behind, an index. */
@NullMarked
class StagedRetrieverContractTest extends RetrieverContract {

    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final List<LexicalIndex> open = new ArrayList<>();

    @Override
    protected Retriever create(List<TextSegment> segments) {
        LexicalIndex index = LexicalIndex.builder().build();
        open.add(index);
        index.addAll(IntStream.range(0, segments.size())
                .mapToObj(i -> new LexicalEntry("passage " + i, segments.get(i)))
                .toList());
        Retriever expanded = QueryExpansion.builder(index.retriever(20), executor)
                .transformation(QueryTransformations.spelling(index.vocabulary()))
                .transformation(QueryTransformations.decomposition())
                .build();
        return RetrievalPipeline.builder(expanded)
                .stage(RetrievalStages.rerankByWords(0.5))
                .stage(RetrievalStages.first(10))
                .build();
    }

    @AfterEach
    void close() {
        executor.shutdownNow();
        open.forEach(LexicalIndex::close);
    }
}
