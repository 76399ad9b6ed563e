package dev.llmlifecycle.api.release;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.prompt.PinnedPrompt;

/**
 * What a journal entry records: something that happened to a deployment label or to a prompt.
 *
 * <p>Immutable, like all that it permits.
 *
 * @since 0.1
 */
public sealed interface JournalEvent {

    /**
     * Returns the word that stands for this kind of event in the canonical form.
     *
     * @return such as {@code PROMOTE} or {@code APPROVE}
     */
    String word();

    /**
     * Returns this event as a canonical value.
     *
     * @return a map for {@link dev.llmlifecycle.api.identity.CanonicalJson}
     */
    Map<String, Object> toCanonical();

    /**
     * An event on a deployment label: it concerns where the label points, and where it leads or shall lead.
     *
     * @since 0.1
     */
    sealed interface OfDeployment extends JournalEvent {

        /**
         * Returns the deployment label.
         *
         * @return the label, never blank
         */
        String label();

        /**
         * Returns the release that the label pointed to.
         *
         * @return its hash, absent when it pointed to none yet
         */
        Optional<Hash> from();

        /**
         * Returns the release that the label leads to, or shall lead to.
         *
         * @return its hash
         */
        Hash to();
    }

    /**
     * An event on a version of a prompt.
     *
     * @since 0.1
     */
    sealed interface OfPrompt extends JournalEvent {

        /**
         * Returns the version.
         *
         * @return its name, number and hash
         */
        PinnedPrompt prompt();
    }

    /**
     * A label was moved; the last of these says where it points.
     *
     * @param kind why it moved
     * @param label the label, never blank
     * @param from the release it pointed to, absent for the first move
     * @param to the release it points to now
     * @param evidence the verdict it rests on, if it rests on one
     * @since 0.1
     */
    record Moved(Kind kind, String label, Optional<Hash> from, Hash to, Optional<Evidence> evidence)
            implements OfDeployment {

        /** Checks the parts. */
        public Moved {
            Objects.requireNonNull(kind, "kind");
            requireDeployment(label, from, to);
            Objects.requireNonNull(evidence, "evidence");
        }

        @Override
        public String word() {
            return kind.name();
        }

        @Override
        public Map<String, Object> toCanonical() {
            Map<String, Object> canonical = canonicalOf(this);
            evidence.ifPresent(given -> {
                canonical.put("verdict", given.verdict().hex());
                given.dataset().ifPresent(hash -> canonical.put("dataset", hash.hex()));
                given.rows().ifPresent(hash -> canonical.put("rows", hash.hex()));
            });
            return canonical;
        }

        /** Why a label moved. */
        public enum Kind {
            /** To a release, for the first time or onwards, as the label's policy allows. */
            PROMOTE,
            /** Back to the release before. */
            ROLLBACK,
            /** To a release past the label's policy. */
            OVERRIDE
        }
    }

    /**
     * The evidence of a move, by its hashes.
     *
     * @param verdict the verdict
     * @param dataset what it was reached on, absent in entries of format 1
     * @param rows what it was computed from, absent in entries of format 1
     * @since 0.1
     */
    record Evidence(Hash verdict, Optional<Hash> dataset, Optional<Hash> rows) {

        /** Checks the parts. */
        public Evidence {
            Objects.requireNonNull(verdict, "verdict");
            Objects.requireNonNull(dataset, "dataset");
            Objects.requireNonNull(rows, "rows");
            if (dataset.isPresent() != rows.isPresent()) {
                throw new IllegalArgumentException("the evidence of a move names "
                        + (dataset.isPresent() ? "a dataset but no rows" : "rows but no dataset")
                        + "; name both, or neither for an entry of format 1");
            }
        }
    }

    /**
     * A release was proposed as the next one of a label; nothing that runs changed.
     *
     * @param label the label, never blank
     * @param from the release it pointed to, absent when it pointed to none
     * @param to the release that is proposed
     * @param changes what differs, for people
     * @since 0.1
     */
    record Proposed(String label, Optional<Hash> from, Hash to, List<String> changes) implements OfDeployment {

        /** Checks and copies. */
        public Proposed {
            requireDeployment(label, from, to);
            changes = List.copyOf(changes);
        }

        @Override
        public String word() {
            return "PROPOSE";
        }

        @Override
        public Map<String, Object> toCanonical() {
            Map<String, Object> canonical = canonicalOf(this);
            canonical.put("changes", changes);
            return canonical;
        }
    }

    /**
     * The entry's actor approved that a label moves from one release to another.
     *
     * @param label the label, never blank
     * @param from the release it pointed to, absent when it pointed to none
     * @param to the release that is approved
     * @since 0.1
     */
    record Approved(String label, Optional<Hash> from, Hash to) implements OfDeployment {

        /** Checks the parts. */
        public Approved {
            requireDeployment(label, from, to);
        }

        @Override
        public String word() {
            return "APPROVE";
        }

        @Override
        public Map<String, Object> toCanonical() {
            return canonicalOf(this);
        }
    }

    /**
     * A version of a prompt was registered.
     *
     * @param prompt the version
     * @since 0.1
     */
    record PromptRegistered(PinnedPrompt prompt) implements OfPrompt {

        /** Checks the parts. */
        public PromptRegistered {
            Objects.requireNonNull(prompt, "prompt");
        }

        @Override
        public String word() {
            return "REGISTER";
        }

        @Override
        public Map<String, Object> toCanonical() {
            return Map.of("kind", word(), "prompt", prompt.toCanonical());
        }
    }

    /**
     * A label of its authors was put on a version of a prompt.
     *
     * @param prompt the version
     * @param promptLabel the label, never blank
     * @since 0.1
     */
    record PromptLabelled(PinnedPrompt prompt, String promptLabel) implements OfPrompt {

        /** Checks the parts. */
        public PromptLabelled {
            Objects.requireNonNull(prompt, "prompt");
            if (Objects.requireNonNull(promptLabel, "promptLabel").isBlank()) {
                throw new IllegalArgumentException(
                        "the label put on prompt " + prompt + " is blank; name it, such as 'reviewed'");
            }
        }

        @Override
        public String word() {
            return "LABEL";
        }

        @Override
        public Map<String, Object> toCanonical() {
            return Map.of("kind", word(), "prompt", prompt.toCanonical(), "promptLabel", promptLabel);
        }
    }

    private static void requireDeployment(String label, Optional<Hash> from, Hash to) {
        if (Objects.requireNonNull(label, "label").isBlank()) {
            throw new IllegalArgumentException(
                    "the deployment label of a journal event is blank; name it, such as 'production'");
        }
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(to, "to");
    }

    private static Map<String, Object> canonicalOf(OfDeployment event) {
        Map<String, Object> canonical = new HashMap<>(Map.of(
                "kind", event.word(), "label", event.label(), "to", event.to().hex()));
        event.from().ifPresent(hash -> canonical.put("from", hash.hex()));
        return canonical;
    }
}
