package dev.llmlifecycle.api;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Stored data that cannot be trusted: a checksum, hash, length or syntax that does not fit.
 *
 * @since 0.1
 */
public final class DamagedDataException extends LifecycleException {

    private static final long serialVersionUID = 1L;

    private final String source;
    private final String position;

    /**
     * Creates an exception whose message is built from its parts.
     *
     * @param source the file or store that is damaged
     * @param position where in it, such as {@code line 12} or {@code byte 4096}
     * @param problem what was found there
     * @param remedy what to do about it
     * @param cause the failure underneath, or null
     */
    public DamagedDataException(
            String source, String position, String problem, String remedy, @Nullable Throwable cause) {
        super(source + ", " + position + ": " + problem + "; " + remedy, cause);
        this.source = Objects.requireNonNull(source, "source");
        this.position = Objects.requireNonNull(position, "position");
    }

    /**
     * Returns the file or store that is damaged.
     *
     * @return its name
     */
    public String source() {
        return source;
    }

    /**
     * Returns where the damage is.
     *
     * @return the position, such as {@code line 12}
     */
    public String position() {
        return position;
    }
}
