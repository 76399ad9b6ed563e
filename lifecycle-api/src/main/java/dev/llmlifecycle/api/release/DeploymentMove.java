package dev.llmlifecycle.api.release;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import dev.llmlifecycle.api.identity.Hash;

/**
 * One line of the deployment journal: who moved which label from where to where, when, why and on what evidence.
 *
 * <p>Immutable. Each line holds the hash of the line before, so that a change inside the journal shows.
 *
 * @param revision counts the moves of one store from 1
 * @param kind why it moved
 * @param label the label, never blank
 * @param from the release it pointed to, absent for the first move
 * @param to the release it points to now
 * @param actor who moved it, never blank
 * @param reason why, never blank
 * @param at when
 * @param verdict the hash of the verdict it rests on, if it rests on one
 * @param previousMove the hash of the move before, absent for the first
 * @since 0.1
 */
public record DeploymentMove(
        long revision,
        Kind kind,
        String label,
        Optional<Hash> from,
        Hash to,
        String actor,
        String reason,
        Instant at,
        Optional<Hash> verdict,
        Optional<Hash> previousMove) {

    /** Checks the parts. */
    public DeploymentMove {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(to, "to");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(verdict, "verdict");
        Objects.requireNonNull(previousMove, "previousMove");
        if (Objects.requireNonNull(label, "label").isBlank()) {
            throw new IllegalArgumentException("the label of a move is blank; name it, such as 'production'");
        }
        if (revision < 1) {
            throw new IllegalArgumentException(
                    "revisions count from 1 but this one is " + revision + "; let the store count");
        }
        if (Objects.requireNonNull(actor, "actor").isBlank()
                || Objects.requireNonNull(reason, "reason").isBlank()) {
            throw new IllegalArgumentException(
                    "a move of label '" + label + "' has a blank actor or reason; say who moves it and why");
        }
    }

    /**
     * Returns the hash over this move, the link of the chain.
     *
     * @return equal on every JVM for equal content
     */
    public Hash hash() {
        return Hash.ofCanonicalJson(toCanonical());
    }

    /**
     * Returns this move as a canonical value.
     *
     * @return a map for {@link dev.llmlifecycle.api.identity.CanonicalJson}
     */
    public Map<String, Object> toCanonical() {
        Map<String, Object> canonical = new HashMap<>(Map.of(
                "revision", revision,
                "kind", kind.name(),
                "label", label,
                "to", to.hex(),
                "actor", actor,
                "reason", reason,
                "at", at.toString()));
        from.ifPresent(hash -> canonical.put("from", hash.hex()));
        verdict.ifPresent(hash -> canonical.put("verdict", hash.hex()));
        previousMove.ifPresent(hash -> canonical.put("previousMove", hash.hex()));
        return canonical;
    }

    /**
     * Returns where the label points after this move.
     *
     * @return the deployment
     */
    public Deployment deployment() {
        return new Deployment(label, to, revision, at);
    }

    /** Why a label moved. */
    public enum Kind {
        /** To a release, for the first time or onwards. */
        PROMOTE,
        /** Back to the release before. */
        ROLLBACK
    }
}
