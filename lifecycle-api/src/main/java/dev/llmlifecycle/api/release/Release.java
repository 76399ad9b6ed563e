package dev.llmlifecycle.api.release;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.prompt.PinnedPrompt;

/**
 * Everything that decides an answer, under one hash: what runs, and what a rollback goes back to.
 *
 * <p>Immutable. It covers configuration, not content that changes by the minute: the corpus id and the retriever's
 * configuration are in, the snapshot of the index is not. Maps are in the order of their names.
 *
 * @param prompts the pinned prompt versions by name; the application answers with {@code mainPrompt}
 * @param mainPrompt the name of the prompt that answers unless a router says otherwise
 * @param model the model with its parameters or adapter
 * @param parts the other parts by role: {@code retriever}, {@code router}, {@code rewriter}, {@code examples},
 *     {@code reasoning}, {@code abstention} (the words of it), {@code attempts} (how many, and what follows the last)
 * @param corpusId the corpus that the retriever searches, if there is one
 * @param inputValidators the validators of questions, in order
 * @param outputValidators the validators of answers, in order
 * @since 0.1
 */
public record Release(
        Map<String, PinnedPrompt> prompts,
        String mainPrompt,
        Identity model,
        Map<String, Identity> parts,
        Optional<String> corpusId,
        List<Identity> inputValidators,
        List<Identity> outputValidators) {

    /** Checks and copies. */
    public Release {
        prompts = Collections.unmodifiableMap(new TreeMap<>(Map.copyOf(prompts)));
        Objects.requireNonNull(model, "model");
        parts = Collections.unmodifiableMap(new TreeMap<>(Map.copyOf(parts)));
        Objects.requireNonNull(corpusId, "corpusId");
        inputValidators = List.copyOf(inputValidators);
        outputValidators = List.copyOf(outputValidators);
        if (!prompts.containsKey(Objects.requireNonNull(mainPrompt, "mainPrompt"))) {
            throw new IllegalArgumentException("the main prompt '" + mainPrompt + "' is not among the pinned prompts "
                    + prompts.keySet() + "; pin it");
        }
        prompts.forEach((name, prompt) -> {
            if (!name.equals(prompt.name())) {
                throw new IllegalArgumentException(
                        "prompt '" + prompt.name() + "' is pinned under the name '" + name + "'; use its own name");
            }
        });
    }

    /**
     * Starts a release.
     *
     * @param model the model with its parameters or adapter
     * @param mainPrompt the prompt that answers
     * @return a builder
     */
    public static Builder builder(Identity model, PinnedPrompt mainPrompt) {
        return new Builder(model, mainPrompt);
    }

    /**
     * Returns this release with another version of one of its prompts.
     *
     * @param prompt the pinned version
     * @return a release that differs in this prompt alone
     * @throws IllegalArgumentException when this release pins no version of it
     */
    public Release withPrompt(PinnedPrompt prompt) {
        if (!prompts.containsKey(prompt.name())) {
            throw new IllegalArgumentException("release " + hash().shortForm() + " pins the prompts " + prompts.keySet()
                    + " and not '" + prompt.name() + "'; build a release that pins it");
        }
        Map<String, PinnedPrompt> others = new HashMap<>(prompts);
        others.put(prompt.name(), prompt);
        return new Release(others, mainPrompt, model, parts, corpusId, inputValidators, outputValidators);
    }

    /**
     * Returns the hash over all of this release.
     *
     * @return equal on every JVM for equal content
     */
    public Hash hash() {
        return Hash.ofCanonicalJson(toCanonical());
    }

    /**
     * Returns this release as a canonical value.
     *
     * @return a map for {@link dev.llmlifecycle.api.identity.CanonicalJson}
     */
    public Map<String, Object> toCanonical() {
        Map<String, Object> canonical = new HashMap<>();
        canonical.put("type", "release");
        Map<String, Object> pinned = new HashMap<>();
        prompts.forEach((name, prompt) -> pinned.put(name, prompt.toCanonical()));
        canonical.put("prompts", pinned);
        canonical.put("mainPrompt", mainPrompt);
        canonical.put("model", model.toCanonical());
        Map<String, Object> identities = new HashMap<>();
        parts.forEach((role, identity) -> identities.put(role, identity.toCanonical()));
        canonical.put("parts", identities);
        corpusId.ifPresent(id -> canonical.put("corpusId", id));
        canonical.put(
                "inputValidators",
                inputValidators.stream().map(Identity::toCanonical).toList());
        canonical.put(
                "outputValidators",
                outputValidators.stream().map(Identity::toCanonical).toList());
        return canonical;
    }

    /** Builds a {@link Release}. Not thread-safe. */
    public static final class Builder {

        private final Identity model;
        private final String mainPrompt;
        private final Map<String, PinnedPrompt> prompts = new HashMap<>();
        private final Map<String, Identity> parts = new HashMap<>();
        private final List<Identity> inputValidators = new ArrayList<>();
        private final List<Identity> outputValidators = new ArrayList<>();
        private Optional<String> corpusId = Optional.empty();

        private Builder(Identity model, PinnedPrompt mainPrompt) {
            this.model = Objects.requireNonNull(model, "model");
            this.mainPrompt = mainPrompt.name();
            prompts.put(mainPrompt.name(), mainPrompt);
        }

        /**
         * Pins a further prompt. Default: only the main prompt.
         *
         * @param prompt the pinned version
         * @return this builder
         * @throws IllegalArgumentException when another version of the same prompt is pinned
         */
        public Builder prompt(PinnedPrompt prompt) {
            PinnedPrompt other = prompts.put(prompt.name(), prompt);
            if (other != null && !other.equals(prompt)) {
                throw new IllegalArgumentException("a release pins one version of each prompt but got " + other
                        + " and " + prompt + "; choose one");
            }
            return this;
        }

        /**
         * Adds a part. Default: none.
         *
         * @param role its role, such as {@code retriever}
         * @param identity its identity
         * @return this builder
         * @throws IllegalArgumentException when another part has that role
         */
        public Builder part(String role, Identity identity) {
            Identity other =
                    parts.put(Objects.requireNonNull(role, "role"), Objects.requireNonNull(identity, "identity"));
            if (other != null && !other.equals(identity)) {
                throw new IllegalArgumentException("a release has one part for each role but got " + other + " and "
                        + identity + " as " + role + "; choose one");
            }
            return this;
        }

        /**
         * Sets the corpus that the retriever searches. Default: none.
         *
         * @param corpusId its id
         * @return this builder
         */
        public Builder corpusId(String corpusId) {
            this.corpusId = Optional.of(corpusId);
            return this;
        }

        /**
         * Adds a validator of questions. Default: none.
         *
         * @param identity its identity
         * @return this builder
         */
        public Builder inputValidator(Identity identity) {
            inputValidators.add(Objects.requireNonNull(identity, "identity"));
            return this;
        }

        /**
         * Adds a validator of answers. Default: none.
         *
         * @param identity its identity
         * @return this builder
         */
        public Builder outputValidator(Identity identity) {
            outputValidators.add(Objects.requireNonNull(identity, "identity"));
            return this;
        }

        /**
         * Builds the release.
         *
         * @return the release
         */
        public Release build() {
            return new Release(prompts, mainPrompt, model, parts, corpusId, inputValidators, outputValidators);
        }
    }
}
