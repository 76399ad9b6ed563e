package dev.llmlifecycle.retrieval.cache;

import dev.llmlifecycle.api.contract.ContextCacheContract;
import dev.llmlifecycle.api.retrieval.ContextCache;
import org.jspecify.annotations.NullMarked;

@NullMarked
class CaffeineContextCacheContractTest extends ContextCacheContract {

    @Override
    protected ContextCache create(int retrievals) {
        return CaffeineContextCache.builder().maximumEntries(retrievals).build();
    }
}
