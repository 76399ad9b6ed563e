package dev.llmlifecycle.retrieval.lexical;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.retrieval.Retrieval;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;
import dev.llmlifecycle.api.retrieval.Retriever;

/** Finds passages by their words, in the state that the index has when it is asked. */
final class LexicalRetriever implements Retriever {

    private final Function<LexicalQuery, LexicalSearchResult> search;
    private final Supplier<String> snapshotId;
    private final String corpusId;
    private final int maxPassages;
    private final Identity identity;

    LexicalRetriever(
            Function<LexicalQuery, LexicalSearchResult> search,
            Supplier<String> snapshotId,
            LexicalOptions options,
            int maxPassages) {
        this.search = search;
        this.snapshotId = snapshotId;
        this.corpusId = options.corpusId();
        this.maxPassages = LexicalOptions.requirePassages(maxPassages);
        Map<String, Object> configuration = new HashMap<>(options.toCanonical());
        configuration.put("maxPassages", maxPassages);
        this.identity = Identity.of("lexical-index", "1", configuration);
    }

    @Override
    public Retrieval retrieve(RetrievalRequest request) {
        LexicalQuery.Builder query = LexicalQuery.builder(request.text()).k(maxPassages);
        request.filter().ifPresent(query::filter);
        request.deadline().ifPresent(query::deadline);
        LexicalSearchResult result = search.apply(query.build());
        List<Passage> passages = result.matches().stream()
                .map(match -> new Passage(match.id(), match.segment(), match.score()))
                .toList();
        return new Retrieval(passages, result.snapshotId());
    }

    @Override
    public String corpusId() {
        return corpusId;
    }

    @Override
    public String snapshotId() {
        return snapshotId.get();
    }

    @Override
    public Identity identity() {
        return identity;
    }
}
