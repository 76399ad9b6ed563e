package dev.llmlifecycle.eval.replay;

import java.nio.file.Path;

import dev.llmlifecycle.api.LifecycleException;

/**
 * A request that must not leave and was not recorded. Its message shows how the nearest recorded request differs, so it
 * holds parts of prompts: it is made for the one who runs the test.
 *
 * @since 0.1
 */
public final class NotRecordedException extends LifecycleException {

    private static final long serialVersionUID = 1L;

    private final String cassette;

    NotRecordedException(Path cassette, String message) {
        super(message);
        this.cassette = cassette.toString();
    }

    /**
     * Returns the cassette that was asked.
     *
     * @return its path
     */
    public String cassette() {
        return cassette;
    }
}
