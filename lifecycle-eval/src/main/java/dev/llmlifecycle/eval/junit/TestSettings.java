package dev.llmlifecycle.eval.junit;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

import dev.llmlifecycle.eval.replay.ReplayMode;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What the configuration parameters and tags say; the parameters are JUnit's, so system properties count too. */
record TestSettings(ReplayMode mode, Path resources, Optional<Path> reports) {

    private static final String DEFAULT_RESOURCES = "src/test/resources";

    static TestSettings of(ExtensionContext context) {
        return new TestSettings(
                mode(context),
                Path.of(context.getConfigurationParameter(PromptTest.RESOURCES).orElse(DEFAULT_RESOURCES)),
                context.getConfigurationParameter(PromptTest.REPORTS).map(Path::of));
    }

    /** Returns the mode of all tests. */
    static ReplayMode runMode(ExtensionContext context) {
        String name = context.getConfigurationParameter(PromptTest.MODE).orElse("replay");
        for (ReplayMode mode : ReplayMode.values()) {
            if (mode.name().toLowerCase(Locale.ROOT).equals(name)) {
                return mode;
            }
        }
        throw new ExtensionConfigurationException("the configuration parameter " + PromptTest.MODE
                + " must be replay, auto, record or live but was '" + name + "'; correct it or leave it out");
    }

    private static ReplayMode mode(ExtensionContext context) {
        ReplayMode mode = runMode(context);
        Set<String> tags = context.getTags();
        if (tags.contains(PromptTest.LIVE)) {
            return ReplayMode.LIVE;
        }
        return mode == ReplayMode.LIVE && tags.contains(PromptTest.REPLAYED) ? ReplayMode.REPLAY : mode;
    }
}
