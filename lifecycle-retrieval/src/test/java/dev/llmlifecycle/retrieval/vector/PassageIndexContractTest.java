package dev.llmlifecycle.retrieval.vector;

import java.util.ArrayList;
import java.util.List;

import dev.langchain4j.data.document.Document;
import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.api.contract.RetrieverContract;
import dev.llmlifecycle.api.retrieval.Retriever;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;

@NullMarked
class PassageIndexContractTest extends RetrieverContract {

    private final List<PassageIndex> open = new ArrayList<>();

    @Override
    protected Retriever create(List<TextSegment> segments) {
        PassageIndex index = PassageIndex.builder(new TrigramModel(), TrigramModel.IDENTITY)
                .splitter(document -> List.of(TextSegment.from(document.text(), document.metadata())))
                .build();
        open.add(index);
        index.ingest(segments.stream()
                .map(segment -> Document.from(segment.text(), segment.metadata()))
                .toList());
        return index.retriever();
    }

    @AfterEach
    void close() {
        open.forEach(PassageIndex::close);
    }
}
