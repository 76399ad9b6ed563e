package dev.llmlifecycle.retrieval.lexical;

import java.util.List;

import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.api.contract.RetrieverContract;
import dev.llmlifecycle.api.retrieval.Retriever;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;

@NullMarked
class HybridLexicalContractTest extends RetrieverContract {

    private final HybridIndexes indexes = new HybridIndexes();

    @Override
    protected Retriever create(List<TextSegment> segments) {
        return indexes.open(segments).lexicalRetriever(10);
    }

    @AfterEach
    void close() {
        indexes.close();
    }
}
