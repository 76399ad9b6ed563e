package dev.llmlifecycle.eval.replay;

import java.util.Comparator;

import dev.llmlifecycle.api.identity.Identity;

/** Which model a call was made of, and in which of its forms. */
record ModelKey(CallKind kind, Identity identity) implements Comparable<ModelKey> {

    private static final Comparator<ModelKey> ORDER = Comparator.comparing(ModelKey::kind)
            .thenComparing(key -> key.identity().name())
            .thenComparing(key -> key.identity().version())
            .thenComparing(key -> key.identity().configurationHash().hex());

    @Override
    public int compareTo(ModelKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return kind.label() + " model " + identity;
    }
}
