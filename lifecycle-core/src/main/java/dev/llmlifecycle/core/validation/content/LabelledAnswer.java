package dev.llmlifecycle.core.validation.content;

import java.util.List;
import java.util.Objects;

/**
 * An answer of which a person said whether it stands on its passages, to fit a {@link GroundednessModel} on.
 *
 * <p>Immutable.
 *
 * @param answer the answer, or a sentence of it
 * @param passages the texts it was to stand on, at least one
 * @param supported whether all of it stands on them
 * @since 0.1
 */
public record LabelledAnswer(String answer, List<String> passages, boolean supported) {

    /** Checks that there is something to judge, and copies. */
    public LabelledAnswer {
        if (Objects.requireNonNull(answer, "answer").isBlank()) {
            throw new IllegalArgumentException("a labelled answer must say something but is blank; leave it out");
        }
        passages = List.copyOf(passages);
        if (passages.isEmpty()) {
            throw new IllegalArgumentException(
                    "a labelled answer needs the passages it was to stand on but has none; give at least one");
        }
    }
}
