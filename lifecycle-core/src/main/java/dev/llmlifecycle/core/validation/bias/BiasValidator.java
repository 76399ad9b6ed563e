package dev.llmlifecycle.core.validation.bias;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.text.Sentences;
import dev.llmlifecycle.api.text.TextSpan;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.Remedy;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;

/**
 * Notices English sentences that speak ill of a group of people, or say of all of them what may be true of some.
 *
 * <p>Three codes, from the surest to the least: {@value #GENERALISATION}, a group with a verb or word that makes it all
 * of them ("women can't", "all Germans are") and a trait that is held against people; {@value #ASSOCIATION}, a group
 * and a trait that the host or a prejudice puts together; {@value #NEGATIVE}, a group and a bad trait in one sentence.
 * A sentence that quotes or rejects a prejudice is noticed like one that holds it, so the default severity is
 * {@link Finding.Severity#WARNING}: it flags, and a policy decides. How often it notices and how often it is wrong
 * stands in the documentation of bias.
 *
 * <p>Thread-safe; linear in the length of its input.
 *
 * @since 0.1
 */
public final class BiasValidator implements Validator {

    /** The code of a trait that is said of all members of a group. */
    public static final String GENERALISATION = "group-generalisation";

    /** The code of a trait that prejudice ascribes to a group. */
    public static final String ASSOCIATION = "group-stereotype";

    /** The code of a bad trait beside a group. */
    public static final String NEGATIVE = "group-negative";

    private static final String NAME = "bias";
    private static final String VERSION = "1";
    private static final String INSTRUCTION =
            "Your answer says something of a whole group of people. Answer again without judging people by their group.";

    private final GroupLexicon lexicon;
    private final Finding.Severity severity;
    private final Identity identity;

    private BiasValidator(Builder builder) {
        this.lexicon = GroupLexicon.english(builder.groups, builder.associations);
        this.severity = builder.severity;
        this.identity = Identity.of(
                NAME,
                VERSION,
                Map.of(
                        "severity", severity.name(),
                        "lexicon", lexicon.hash().hex(),
                        "own",
                                Hash.ofUtf8(builder.groups + "\n" + builder.associations)
                                        .hex()));
    }

    /**
     * Starts a validator.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Identity identity() {
        return identity;
    }

    /** Returns {@link Validator.Scope#SENTENCE}. */
    @Override
    public Scope scope() {
        return Scope.SENTENCE;
    }

    @Override
    public ValidationOutcome validate(String text, ValidationContext context) {
        List<Finding> findings = new ArrayList<>();
        for (TextSpan sentence : Sentences.split(text)) {
            lexicon.judge(sentence.of(text)).ifPresent(found -> findings.add(finding(found, sentence)));
        }
        return ValidationOutcome.following(text, findings);
    }

    private Finding finding(GroupLexicon.Found found, TextSpan sentence) {
        return Finding.of(NAME, found.code(), severity, message(found))
                .withSpan(sentence)
                .withConfidence(found.confidence())
                .withEvidence(found.group() + ": " + found.trait())
                .withRemedy(new Remedy.AskAgain(INSTRUCTION));
    }

    private static String message(GroupLexicon.Found found) {
        String what = switch (found.code()) {
            case GENERALISATION -> "says of a group as a whole";
            case ASSOCIATION -> "puts a group together with";
            default -> "names a group beside";
        };
        return "The sentence " + what + " what is held against people (" + found.category() + ": '" + found.group()
                + "', '" + found.trait() + "')";
    }

    /** Builds a {@link BiasValidator}. Not thread-safe. */
    public static final class Builder {

        private final Map<String, List<String>> groups = new TreeMap<>();
        private final Map<String, List<String>> associations = new TreeMap<>();
        private Finding.Severity severity = Finding.Severity.WARNING;

        private Builder() {}

        /**
         * Adds terms that name a group, such as those of a country or a trade, beside the terms that come with it.
         *
         * @param category what the group is one of, such as {@code religion}
         * @param terms one to three words each
         * @return this builder
         * @throws IllegalArgumentException when there is none, or one is blank or longer
         */
        public Builder group(String category, String... terms) {
            add(groups, category, terms);
            return this;
        }

        /**
         * Adds traits that prejudice ascribes to a group: a sentence that has both is noticed.
         *
         * @param group a term of the group, one to three words
         * @param traits one to three words each
         * @return this builder
         * @throws IllegalArgumentException when there is none, or one is blank or longer
         */
        public Builder association(String group, String... traits) {
            GroupLexicon.requirePhrase(group);
            add(associations, group.toLowerCase(Locale.ROOT), traits);
            return this;
        }

        private static void add(Map<String, List<String>> to, String key, String... phrases) {
            if (phrases.length == 0 || Objects.requireNonNull(key, "key").isBlank()) {
                throw new IllegalArgumentException("'" + key + "' has no phrase or is blank; give at least one");
            }
            List<String> all = new ArrayList<>(Optional.ofNullable(to.get(key)).orElse(List.of()));
            for (String phrase : phrases) {
                GroupLexicon.requirePhrase(phrase);
                all.add(phrase.toLowerCase(Locale.ROOT));
            }
            to.put(key, List.copyOf(all));
        }

        /**
         * Sets how bad a finding is. Default: {@link Finding.Severity#WARNING}, which flags; an error asks the model
         * again.
         *
         * @param severity the severity
         * @return this builder
         */
        public Builder severity(Finding.Severity severity) {
            this.severity = Objects.requireNonNull(severity, "severity");
            return this;
        }

        /**
         * Builds the validator.
         *
         * @return the validator
         */
        public BiasValidator build() {
            return new BiasValidator(this);
        }
    }
}
