package dev.llmlifecycle.retrieval.cache;

import dev.llmlifecycle.api.app.AnswerCache;
import dev.llmlifecycle.api.contract.AnswerCacheContract;
import org.jspecify.annotations.NullMarked;

@NullMarked
class SemanticAnswerCacheContractTest extends AnswerCacheContract {

    @Override
    protected AnswerCache create() {
        return SemanticAnswerCache.builder(new TrigramModel(), text -> false)
                .errorRate(0.01)
                .build();
    }
}
