package dev.llmlifecycle.eval;

import dev.llmlifecycle.api.architecture.ArchitectureRules;
import org.jspecify.annotations.NullMarked;

@NullMarked
final class ArchitectureTest extends ArchitectureRules {

    ArchitectureTest() {
        super("eval", "api", "core");
    }
}
