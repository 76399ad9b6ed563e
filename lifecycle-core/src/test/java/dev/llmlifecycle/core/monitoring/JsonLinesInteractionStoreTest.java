package dev.llmlifecycle.core.monitoring;

import java.nio.file.Path;

import dev.llmlifecycle.api.contract.InteractionStoreContract;
import dev.llmlifecycle.api.monitoring.InteractionStore;
import org.junit.jupiter.api.io.TempDir;

/** The log as a store, in one file. */
final class JsonLinesInteractionStoreTest extends InteractionStoreContract {

    @TempDir
    private Path temporary;

    @Override
    protected InteractionStore create() {
        return JsonLinesInteractionLog.builder(temporary.resolve("interactions.jsonl"))
                .build();
    }
}
