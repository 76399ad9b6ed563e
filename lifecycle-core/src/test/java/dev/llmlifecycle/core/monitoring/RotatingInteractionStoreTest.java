package dev.llmlifecycle.core.monitoring;

import java.nio.file.Path;

import dev.llmlifecycle.api.contract.InteractionStoreContract;
import dev.llmlifecycle.api.monitoring.InteractionStore;
import org.junit.jupiter.api.io.TempDir;

/** The log as a store, in many files that are compressed while it is used. */
final class RotatingInteractionStoreTest extends InteractionStoreContract {

    @TempDir
    private Path temporary;

    @Override
    protected InteractionStore create() {
        return JsonLinesInteractionLog.builder(temporary.resolve("interactions.jsonl"))
                .maxFileBytes(4096)
                .build();
    }
}
