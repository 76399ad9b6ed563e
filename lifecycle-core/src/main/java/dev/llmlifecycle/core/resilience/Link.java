package dev.llmlifecycle.core.resilience;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.llmlifecycle.api.identity.Identity;

/**
 * One model of a chain.
 *
 * @param identity its identity
 * @param model the model
 * @param takesOver after which failures of the models before it is tried; of no meaning for the first
 * @param circuit its circuit, if it has one
 * @param first whether it is the first of the chain
 */
record Link<M>(Identity identity, M model, Set<FailureKind> takesOver, Optional<Circuit> circuit, boolean first) {

    String name() {
        return identity.name();
    }

    /** Says whether this model takes over; from one whose circuit is open, also after the kind that opened it. */
    boolean takesOver(Failure failure) {
        return takesOver.contains(failure.kind()) || takesOver.contains(failure.reason());
    }

    Map<String, Object> toCanonical() {
        List<String> kinds =
                first ? List.of() : takesOver.stream().map(Enum::name).sorted().toList();
        return Map.of("model", identity.toCanonical(), "takesOver", kinds);
    }

    static Set<FailureKind> kinds(FailureKind... kinds) {
        return kinds.length == 0 ? EnumSet.allOf(FailureKind.class) : EnumSet.copyOf(List.of(kinds));
    }
}
