package dev.llmlifecycle.retrieval.lexical;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.retrieval.vector.TrigramModel;
import dev.llmlifecycle.retrieval.vector.VectorEntry;
import org.jspecify.annotations.NullMarked;

/** Opens hybrid indexes for contracts. */
@NullMarked
final class HybridIndexes {

    private final List<HybridIndex> open = new ArrayList<>();

    HybridIndex open(List<TextSegment> segments) {
        TrigramModel model = new TrigramModel();
        HybridIndex index = HybridIndex.builder(256).build();
        open.add(index);
        index.addAll(IntStream.range(0, segments.size())
                .mapToObj(i -> VectorEntry.of(
                        "passage " + i, model.embed(segments.get(i)).content().vector(), segments.get(i)))
                .toList());
        return index;
    }

    void close() {
        open.forEach(HybridIndex::close);
    }
}
