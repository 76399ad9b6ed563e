package dev.llmlifecycle.core.release;

import dev.llmlifecycle.api.contract.ReleaseStoreContract;
import dev.llmlifecycle.api.release.ReleaseStore;

final class InMemoryReleaseStoreTest extends ReleaseStoreContract {

    @Override
    protected ReleaseStore create() {
        return new InMemoryReleaseStore();
    }
}
