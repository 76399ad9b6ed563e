package dev.llmlifecycle.retrieval.lexical;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.api.contract.RetrieverContract;
import dev.llmlifecycle.api.retrieval.Retriever;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;

@NullMarked
class LexicalIndexContractTest extends RetrieverContract {

    private final List<LexicalIndex> open = new ArrayList<>();

    @Override
    protected Retriever create(List<TextSegment> segments) {
        LexicalIndex index = LexicalIndex.builder().build();
        open.add(index);
        index.addAll(IntStream.range(0, segments.size())
                .mapToObj(i -> new LexicalEntry("passage " + i, segments.get(i)))
                .toList());
        return index.retriever(10);
    }

    @AfterEach
    void close() {
        open.forEach(LexicalIndex::close);
    }
}
