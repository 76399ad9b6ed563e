package dev.llmlifecycle.retrieval.hybrid;

import java.util.List;
import java.util.function.Function;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.retrieval.Retrieval;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;
import dev.llmlifecycle.api.retrieval.Retriever;
import org.jspecify.annotations.NullMarked;

/** Retrievers that answer what a test says. */
@NullMarked
final class Fixed {

    private Fixed() {}

    static Passage passage(String id, String text, double score) {
        return passage(id, text, score, new Metadata());
    }

    static Passage passage(String id, String text, double score, Metadata metadata) {
        return new Passage(id, TextSegment.from(text, metadata), score);
    }

    static Retriever finds(List<Passage> passages) {
        return answers(request -> new Retrieval(passages, "1"));
    }

    static Retriever answers(Function<RetrievalRequest, Retrieval> answer) {
        return new Retriever() {
            @Override
            public Retrieval retrieve(RetrievalRequest request) {
                return answer.apply(request);
            }

            @Override
            public String corpusId() {
                return "help";
            }

            @Override
            public String snapshotId() {
                return "1";
            }

            @Override
            public Identity identity() {
                return Identity.of("fixed", "1");
            }
        };
    }
}
