package dev.llmlifecycle.core;

import dev.llmlifecycle.api.architecture.ArchitectureRules;
import org.jspecify.annotations.NullMarked;

@NullMarked
final class ArchitectureTest extends ArchitectureRules {

    ArchitectureTest() {
        super("core", "api");
    }
}
