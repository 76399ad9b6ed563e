package dev.llmlifecycle.core.validation.safety;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.text.TextSpan;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.Remedy;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;

/**
 * Refuses answers that give away the system prompt: a run of its words, also decoded, reversed or with letters set
 * apart, or a canary, which is a word that stands in the prompt and nowhere else.
 *
 * <p>Thread-safe; linear in the length of the answer.
 *
 * @since 0.1
 */
public final class PromptLeakValidator implements Validator {

    private static final String NAME = "prompt-leak";
    private static final String VERSION = "1";
    private static final String REASON = "The answer was withheld as it repeats what the assistant was told.";

    private final Set<String> runs;
    private final int words;
    private final Set<String> canaries;
    private final Identity identity;

    private PromptLeakValidator(Builder builder) {
        words = builder.words;
        canaries = Set.copyOf(builder.canaries);
        runs = Set.copyOf(runs(words(builder.systemPrompt), words));
        identity = Identity.of(
                NAME,
                VERSION,
                Map.of(
                        "prompt", Hash.ofUtf8(builder.systemPrompt).hex(),
                        "words", words,
                        "canaries",
                                canaries.stream()
                                        .map(each -> Hash.ofUtf8(each).hex())
                                        .sorted()
                                        .toList()));
    }

    /**
     * Starts a validator.
     *
     * @param systemPrompt what must not be given away
     * @return a builder
     */
    public static Builder builder(String systemPrompt) {
        return new Builder(systemPrompt);
    }

    @Override
    public Identity identity() {
        return identity;
    }

    @Override
    public ValidationOutcome validate(String text, ValidationContext context) {
        boolean leaks = Stream.concat(Stream.of(text), Disguises.readings(text).stream())
                .anyMatch(this::leaks);
        if (!leaks) {
            return ValidationOutcome.pass();
        }
        Finding finding = new Finding(
                NAME,
                NAME,
                Finding.Severity.ERROR,
                "The answer repeats the system prompt",
                Optional.of(new TextSpan(0, text.length())),
                1,
                Optional.empty(),
                new Remedy.Refuse(REASON));
        return ValidationOutcome.following(text, List.of(finding));
    }

    private boolean leaks(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return canaries.stream().anyMatch(lower::contains)
                || runs(words(text), words).stream().anyMatch(runs::contains);
    }

    private static Set<String> runs(List<String> words, int length) {
        Set<String> runs = new HashSet<>();
        for (int i = 0; i + length <= words.size(); i++) {
            runs.add(String.join(" ", words.subList(i, i + length)));
        }
        return runs;
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        int start = -1;
        for (int i = 0; i <= text.length(); i++) {
            boolean part = i < text.length() && Character.isLetterOrDigit(text.charAt(i));
            if (part && start < 0) {
                start = i;
            } else if (!part && start >= 0) {
                words.add(text.substring(start, i).toLowerCase(Locale.ROOT));
                start = -1;
            }
        }
        return words;
    }

    /** Builds a {@link PromptLeakValidator}. Not thread-safe. */
    public static final class Builder {

        private final String systemPrompt;
        private int words = 8;
        private final Set<String> canaries = new HashSet<>();

        private Builder(String systemPrompt) {
            this.systemPrompt = Objects.requireNonNull(systemPrompt, "systemPrompt");
        }

        /**
         * Sets how many words in a row give the prompt away. Default: 8.
         *
         * @param count from 3 to 50
         * @return this builder
         */
        public Builder words(int count) {
            if (count < 3 || count > 50) {
                throw new IllegalArgumentException(
                        "the words in a row that give a prompt away must be in [3, 50] but were " + count
                                + "; 8 is usual");
            }
            words = count;
            return this;
        }

        /**
         * Adds a word that stands in the prompt and in no honest answer.
         *
         * @param word of eight characters or more
         * @return this builder
         */
        public Builder canary(String word) {
            if (word.strip().length() < 8) {
                throw new IllegalArgumentException("a canary of " + word.strip().length()
                        + " characters may stand in an honest answer; use eight or more, made by chance");
            }
            canaries.add(word.strip().toLowerCase(Locale.ROOT));
            return this;
        }

        /**
         * Builds the validator.
         *
         * @return the validator
         */
        public PromptLeakValidator build() {
            return new PromptLeakValidator(this);
        }
    }
}
