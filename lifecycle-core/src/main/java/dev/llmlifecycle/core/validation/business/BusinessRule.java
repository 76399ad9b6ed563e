package dev.llmlifecycle.core.validation.business;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Supplier;

import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.validation.Finding;

/**
 * What a business demands of an answer.
 *
 * <pre>{@code
 * BusinessRule.forbidden("no-guarantee", "guaranteed", "risk-free").owner("Legal").reason("we give no guarantees")
 * }</pre>
 *
 * <p>Immutable. Words and phrases are found as whole words, whatever their case and whatever stands between them.
 *
 * @since 0.1
 */
public sealed interface BusinessRule {

    /**
     * Returns what all rules have.
     *
     * @return id, severity, owner, reason and condition
     */
    RuleTerms terms();

    /**
     * Returns this rule with other terms.
     *
     * @param terms id, severity, owner, reason and condition
     * @return the rule
     */
    BusinessRule withTerms(RuleTerms terms);

    /**
     * Says in words what the rule demands, for a scorecard.
     *
     * @return a phrase
     */
    String demand();

    /**
     * Returns what changes the behaviour of the rule.
     *
     * @return a map for {@link dev.llmlifecycle.api.identity.CanonicalJson}
     */
    Map<String, Object> toCanonical();

    /**
     * Sets how bad a breach is. Default: {@link Finding.Severity#ERROR}, which asks the model again; the others are
     * recorded.
     *
     * @param severity the severity
     * @return the rule
     */
    default BusinessRule severity(Finding.Severity severity) {
        RuleTerms now = terms();
        return withTerms(new RuleTerms(now.id(), severity, now.owner(), now.reason(), now.when()));
    }

    /**
     * Names who answers for the rule. Default: nobody.
     *
     * @param owner such as a department
     * @return the rule
     */
    default BusinessRule owner(String owner) {
        RuleTerms now = terms();
        return withTerms(new RuleTerms(now.id(), now.severity(), owner, now.reason(), now.when()));
    }

    /**
     * Says why there is the rule. Default: nothing.
     *
     * @param reason the reason
     * @return the rule
     */
    default BusinessRule reason(String reason) {
        RuleTerms now = terms();
        return withTerms(new RuleTerms(now.id(), now.severity(), now.owner(), reason, now.when()));
    }

    /**
     * Says when the rule holds. Default: always.
     *
     * @param condition the condition
     * @return the rule
     */
    default BusinessRule when(RuleCondition condition) {
        RuleTerms now = terms();
        return withTerms(new RuleTerms(now.id(), now.severity(), now.owner(), now.reason(), condition));
    }

    /**
     * Demands one of several statements.
     *
     * @param id the id of the rule
     * @param anyOf the statements, of which one suffices
     * @return the rule
     */
    static Required required(String id, String... anyOf) {
        return new Required(RuleTerms.of(id), Arrays.asList(anyOf));
    }

    /**
     * Forbids statements.
     *
     * @param id the id of the rule
     * @param phrases words or phrases
     * @return the rule
     */
    static Forbidden forbidden(String id, String... phrases) {
        return new Forbidden(RuleTerms.of(id), Arrays.asList(phrases));
    }

    /**
     * Limits how hard an answer is to read: in English by its Flesch-Kincaid grade, in other languages by LIX. Answers
     * of fewer than 30 words are not judged.
     *
     * @param id the id of the rule
     * @param grade the highest grade
     * @param lix the highest LIX
     * @return the rule
     */
    static ReadingLevel readingLevel(String id, double grade, double lix) {
        return new ReadingLevel(RuleTerms.of(id), OptionalDouble.of(grade), OptionalDouble.of(lix), 30);
    }

    /**
     * Demands a formal tone: no exclamation mark, no contraction, no slang, no promise of everything, in English words
     * that stand in the rule's {@link Tone#avoid()}.
     *
     * @param id the id of the rule
     * @return the rule
     */
    static Tone formalTone(String id) {
        Map<String, List<String>> avoid = new LinkedHashMap<>();
        avoid.put(
                "slang",
                List.of(
                        "ain't",
                        "awesome",
                        "bucks",
                        "cool",
                        "dude",
                        "gonna",
                        "gotta",
                        "hey",
                        "kinda",
                        "lol",
                        "nah",
                        "no worries",
                        "nope",
                        "oops",
                        "sorta",
                        "super easy",
                        "wanna",
                        "yeah",
                        "yep",
                        "you guys"));
        avoid.put(
                "over-promising",
                List.of(
                        "100 %",
                        "100 percent",
                        "absolutely free",
                        "always works",
                        "best in the world",
                        "can't fail",
                        "guarantee",
                        "guaranteed",
                        "instantly",
                        "never fails",
                        "no risk",
                        "risk-free",
                        "we promise",
                        "without any risk",
                        "zero risk"));
        return new Tone(RuleTerms.of(id), 0, false, avoid);
    }

    /**
     * Limits the words of an answer.
     *
     * @param id the id of the rule
     * @param maxWords the most words, at least 1
     * @return the rule
     */
    static Length length(String id, int maxWords) {
        return new Length(
                RuleTerms.of(id),
                OptionalInt.empty(),
                OptionalInt.of(maxWords),
                OptionalInt.empty(),
                OptionalInt.empty());
    }

    /**
     * Forbids that an answer rests on passages with certain metadata.
     *
     * @param id the id of the rule
     * @param key the metadata key
     * @param forbidden the values that no retrieved passage may have
     * @return the rule
     */
    static Sources withoutSources(String id, String key, String... forbidden) {
        return new Sources(RuleTerms.of(id), key, List.of(), Arrays.asList(forbidden));
    }

    /**
     * Demands that an answer rests on passages with certain metadata.
     *
     * @param id the id of the rule
     * @param key the metadata key
     * @param allowed the values of which each retrieved passage must have one
     * @return the rule
     */
    static Sources onlySources(String id, String key, String... allowed) {
        return new Sources(RuleTerms.of(id), key, Arrays.asList(allowed), List.of());
    }

    /**
     * Demands that amounts are those of a table.
     *
     * @param id the id of the rule
     * @param table the table, whose content is part of the identity of the rules
     * @return the rule
     */
    static Facts facts(String id, FactTable table) {
        return new Facts(RuleTerms.of(id), table.identity(), () -> table);
    }

    /**
     * Demands that amounts are those of a table that may change while the application runs. The identity is that of the
     * source, so that a release stays what it is when a price changes; each finding names the version of the table that
     * it rests on.
     *
     * @param id the id of the rule
     * @param source name and version of what supplies the table, part of the identity of the rules
     * @param tables returns the table of now; asked for each answer by many threads, so it should be quick. Where it
     *     fails, the validator fails and the answer does not pass
     * @return the rule
     */
    static Facts facts(String id, Identity source, Supplier<FactTable> tables) {
        return new Facts(RuleTerms.of(id), source, tables);
    }

    /**
     * One of several statements must stand there.
     *
     * @param terms what all rules have
     * @param anyOf the statements, at least one
     */
    record Required(RuleTerms terms, List<String> anyOf) implements BusinessRule {

        /** Checks and copies. */
        public Required {
            Objects.requireNonNull(terms, "terms");
            anyOf = requireSome(terms, Phrases.require(anyOf, "a statement of rule '" + terms.id() + "'"));
        }

        @Override
        public Required withTerms(RuleTerms other) {
            return new Required(other, anyOf);
        }

        @Override
        public String demand() {
            return "says " + quoted(anyOf);
        }

        @Override
        public Map<String, Object> toCanonical() {
            return Map.of("required", anyOf, "terms", terms.toCanonical());
        }
    }

    /**
     * None of these may stand there.
     *
     * @param terms what all rules have
     * @param phrases words or phrases, at least one
     */
    record Forbidden(RuleTerms terms, List<String> phrases) implements BusinessRule {

        /** Checks and copies. */
        public Forbidden {
            Objects.requireNonNull(terms, "terms");
            phrases = requireSome(terms, Phrases.require(phrases, "a phrase of rule '" + terms.id() + "'"));
        }

        @Override
        public Forbidden withTerms(RuleTerms other) {
            return new Forbidden(other, phrases);
        }

        @Override
        public String demand() {
            return "does not say " + quoted(phrases);
        }

        @Override
        public Map<String, Object> toCanonical() {
            return Map.of("forbidden", phrases, "terms", terms.toCanonical());
        }
    }

    /**
     * The answer must be easy enough to read.
     *
     * @param terms what all rules have
     * @param grade the highest Flesch-Kincaid grade, for English; not checked where it is empty
     * @param lix the highest LIX, for other languages; not checked where it is empty
     * @param minWords answers of fewer words are not judged, at least 1
     */
    record ReadingLevel(RuleTerms terms, OptionalDouble grade, OptionalDouble lix, int minWords)
            implements BusinessRule {

        /** Checks the limits. */
        public ReadingLevel {
            Objects.requireNonNull(terms, "terms");
            if (grade.isEmpty() && lix.isEmpty()) {
                throw new IllegalArgumentException(
                        "rule '" + terms.id() + "' has neither a grade nor a LIX; give it one of them");
            }
            requirePositive(terms, "grade", grade.orElse(1));
            requirePositive(terms, "LIX", lix.orElse(1));
            requirePositive(terms, "least number of words", minWords);
        }

        @Override
        public ReadingLevel withTerms(RuleTerms other) {
            return new ReadingLevel(other, grade, lix, minWords);
        }

        @Override
        public String demand() {
            String english = grade.isPresent() ? "Flesch-Kincaid grade at most " + grade.getAsDouble() : "";
            String other = lix.isPresent() ? "LIX at most " + lix.getAsDouble() : "";
            return english + (grade.isPresent() && lix.isPresent() ? ", " : "") + other;
        }

        @Override
        public Map<String, Object> toCanonical() {
            return Map.of(
                    "grade", grade.orElse(0),
                    "lix", lix.orElse(0),
                    "minWords", minWords,
                    "terms", terms.toCanonical());
        }
    }

    /**
     * The answer must keep a tone.
     *
     * @param terms what all rules have
     * @param exclamations the most exclamation marks, at least 0
     * @param contractions whether English contractions such as "don't" may stand there
     * @param avoid what it must not say, each list under the name of what it is, such as {@code slang}
     */
    record Tone(RuleTerms terms, int exclamations, boolean contractions, Map<String, List<String>> avoid)
            implements BusinessRule {

        /** Checks and copies. */
        public Tone {
            Objects.requireNonNull(terms, "terms");
            if (exclamations < 0) {
                throw new IllegalArgumentException("rule '" + terms.id() + "' allows " + exclamations
                        + " exclamation marks; give a number of at least 0");
            }
            Map<String, List<String>> copy = new LinkedHashMap<>();
            for (Map.Entry<String, List<String>> list : avoid.entrySet()) {
                copy.put(
                        list.getKey(),
                        requireSome(
                                terms,
                                Phrases.require(
                                        list.getValue(),
                                        "a phrase of '" + list.getKey() + "' of rule '" + terms.id() + "'")));
            }
            avoid = Collections.unmodifiableMap(copy);
        }

        @Override
        public Tone withTerms(RuleTerms other) {
            return new Tone(other, exclamations, contractions, avoid);
        }

        @Override
        public String demand() {
            return (exclamations == 0 ? "no exclamation mark" : "at most " + exclamations + " exclamation marks")
                    + (contractions ? "" : ", no contraction")
                    + (avoid.isEmpty() ? "" : ", no " + String.join(", no ", avoid.keySet()));
        }

        @Override
        public Map<String, Object> toCanonical() {
            return Map.of(
                    "exclamations", exclamations,
                    "contractions", contractions,
                    "avoid", avoid,
                    "terms", terms.toCanonical());
        }
    }

    /**
     * The answer must be of a length.
     *
     * @param terms what all rules have
     * @param minWords the least words, positive
     * @param maxWords the most words, positive
     * @param maxSentences the most sentences, positive
     * @param maxCharacters the most UTF-16 characters, positive
     */
    record Length(
            RuleTerms terms,
            OptionalInt minWords,
            OptionalInt maxWords,
            OptionalInt maxSentences,
            OptionalInt maxCharacters)
            implements BusinessRule {

        /** Checks the limits. */
        public Length {
            Objects.requireNonNull(terms, "terms");
            requirePositive(terms, "least number of words", minWords.orElse(1));
            requirePositive(terms, "largest number of words", maxWords.orElse(1));
            requirePositive(terms, "largest number of sentences", maxSentences.orElse(1));
            requirePositive(terms, "largest number of characters", maxCharacters.orElse(1));
            if (minWords.isEmpty() && maxWords.isEmpty() && maxSentences.isEmpty() && maxCharacters.isEmpty()) {
                throw new IllegalArgumentException("rule '" + terms.id() + "' has no limit; give it one");
            }
            if (minWords.orElse(0) > maxWords.orElse(Integer.MAX_VALUE)) {
                throw new IllegalArgumentException("rule '" + terms.id() + "' wants at least " + minWords.getAsInt()
                        + " and at most " + maxWords.getAsInt() + " words; swap the limits");
            }
        }

        @Override
        public Length withTerms(RuleTerms other) {
            return new Length(other, minWords, maxWords, maxSentences, maxCharacters);
        }

        @Override
        public String demand() {
            StringBuilder demand = new StringBuilder();
            minWords.ifPresent(
                    limit -> demand.append(", at least ").append(limit).append(" words"));
            maxWords.ifPresent(
                    limit -> demand.append(", at most ").append(limit).append(" words"));
            maxSentences.ifPresent(
                    limit -> demand.append(", at most ").append(limit).append(" sentences"));
            maxCharacters.ifPresent(
                    limit -> demand.append(", at most ").append(limit).append(" characters"));
            return demand.substring(2);
        }

        @Override
        public Map<String, Object> toCanonical() {
            return Map.of(
                    "minWords", minWords.orElse(0),
                    "maxWords", maxWords.orElse(0),
                    "maxSentences", maxSentences.orElse(0),
                    "maxCharacters", maxCharacters.orElse(0),
                    "terms", terms.toCanonical());
        }
    }

    /**
     * The retrieved passages must have, or must not have, values in their metadata.
     *
     * @param terms what all rules have
     * @param key the metadata key, never blank
     * @param allowed the values of which each passage must have one; empty for any
     * @param forbidden the values that none may have
     */
    record Sources(RuleTerms terms, String key, List<String> allowed, List<String> forbidden) implements BusinessRule {

        /** Checks and copies. */
        public Sources {
            Objects.requireNonNull(terms, "terms");
            if (Objects.requireNonNull(key, "key").isBlank()) {
                throw new IllegalArgumentException(
                        "the metadata key of rule '" + terms.id() + "' is blank; name the key");
            }
            allowed = List.copyOf(allowed);
            forbidden = List.copyOf(forbidden);
            if (allowed.isEmpty() && forbidden.isEmpty()) {
                throw new IllegalArgumentException(
                        "rule '" + terms.id() + "' neither allows nor forbids a value of '" + key + "'; name one");
            }
        }

        @Override
        public Sources withTerms(RuleTerms other) {
            return new Sources(other, key, allowed, forbidden);
        }

        @Override
        public String demand() {
            return (allowed.isEmpty() ? "" : "rests only on passages with " + key + " " + quoted(allowed))
                    + (allowed.isEmpty() || forbidden.isEmpty() ? "" : ", ")
                    + (forbidden.isEmpty() ? "" : "rests on no passage with " + key + " " + quoted(forbidden));
        }

        @Override
        public Map<String, Object> toCanonical() {
            return Map.of("key", key, "allowed", allowed, "forbidden", forbidden, "terms", terms.toCanonical());
        }
    }

    /**
     * Amounts must be those of a table.
     *
     * @param terms what all rules have
     * @param source the identity of the table, or of what supplies it
     * @param tables returns the table of now
     */
    record Facts(RuleTerms terms, Identity source, Supplier<FactTable> tables) implements BusinessRule {

        /** Checks that nothing is missing. */
        public Facts {
            Objects.requireNonNull(terms, "terms");
            Objects.requireNonNull(source, "source");
            Objects.requireNonNull(tables, "tables");
        }

        @Override
        public Facts withTerms(RuleTerms other) {
            return new Facts(other, source, tables);
        }

        @Override
        public String demand() {
            return "amounts equal the table " + source.name();
        }

        @Override
        public Map<String, Object> toCanonical() {
            return Map.of("facts", source.toCanonical(), "terms", terms.toCanonical());
        }
    }

    private static List<String> requireSome(RuleTerms terms, List<String> phrases) {
        if (phrases.isEmpty()) {
            throw new IllegalArgumentException("rule '" + terms.id() + "' has an empty list; give it a phrase");
        }
        return phrases;
    }

    private static void requirePositive(RuleTerms terms, String what, double limit) {
        if (!(limit > 0 && limit < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("the " + what + " of rule '" + terms.id() + "' must be positive but was "
                    + (limit == Math.rint(limit) ? String.valueOf((long) limit) : String.valueOf(limit))
                    + "; give a limit above 0, or leave it out");
        }
    }

    private static String quoted(List<String> phrases) {
        int shown = Math.min(3, phrases.size());
        return "'" + String.join("' or '", phrases.subList(0, shown)) + "'"
                + (shown < phrases.size() ? " or " + (phrases.size() - shown) + " more" : "");
    }
}
