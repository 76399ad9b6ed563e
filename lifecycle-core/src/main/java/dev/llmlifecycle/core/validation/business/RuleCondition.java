package dev.llmlifecycle.core.validation.business;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import dev.llmlifecycle.api.validation.ValidationContext;

/**
 * When a rule holds: each thing that is given must be so, and of several values of one thing one suffices.
 *
 * <pre>{@code
 * RuleCondition.always().languages("de", "fr").question("refund", "money back")
 * }</pre>
 *
 * <p>Immutable; each method returns a changed copy.
 *
 * @param languages the languages of the conversation, as {@code de}, or with a country as {@code de-AT}; empty for any
 * @param tenants the tenants; empty for any
 * @param attributes what the host passed along with the question; empty for anything
 * @param question words or phrases of the question; empty for any
 * @param answer words or phrases of the answer; empty for any
 * @param passages metadata that a retrieved passage has, for each key some passage; empty for any
 * @since 0.1
 */
public record RuleCondition(
        List<String> languages,
        List<String> tenants,
        Map<String, String> attributes,
        List<String> question,
        List<String> answer,
        Map<String, String> passages) {

    /** Checks and copies. */
    public RuleCondition {
        languages = List.copyOf(languages);
        for (String language : languages) {
            Locale locale = Locale.forLanguageTag(language);
            if (locale.getLanguage().isEmpty()) {
                throw new IllegalArgumentException(
                        "'" + language + "' is no language; write a tag such as 'de' or 'de-AT'");
            }
        }
        tenants = List.copyOf(tenants);
        attributes = Collections.unmodifiableMap(new TreeMap<>(Map.copyOf(attributes)));
        question = Phrases.require(question, "a phrase of the question");
        answer = Phrases.require(answer, "a phrase of the answer");
        passages = Collections.unmodifiableMap(new TreeMap<>(Map.copyOf(passages)));
    }

    /**
     * Returns the condition that always holds.
     *
     * @return the condition
     */
    public static RuleCondition always() {
        return new RuleCondition(List.of(), List.of(), Map.of(), List.of(), List.of(), Map.of());
    }

    /**
     * Holds in these languages only.
     *
     * @param tags such as {@code de} or {@code de-AT}
     * @return the condition
     */
    public RuleCondition languages(String... tags) {
        return new RuleCondition(List.of(tags), tenants, attributes, question, answer, passages);
    }

    /**
     * Holds for these tenants only.
     *
     * @param ids their ids
     * @return the condition
     */
    public RuleCondition tenants(String... ids) {
        return new RuleCondition(languages, List.of(ids), attributes, question, answer, passages);
    }

    /**
     * Holds where the host passed an attribute; with several, all of them.
     *
     * @param name its name
     * @param value its value
     * @return the condition
     */
    public RuleCondition attribute(String name, String value) {
        Map<String, String> all = new TreeMap<>(attributes);
        all.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
        return new RuleCondition(languages, tenants, all, question, answer, passages);
    }

    /**
     * Holds where the question has one of these words.
     *
     * @param phrases words or phrases
     * @return the condition
     */
    public RuleCondition question(String... phrases) {
        return new RuleCondition(languages, tenants, attributes, List.of(phrases), answer, passages);
    }

    /**
     * Holds where the answer has one of these words.
     *
     * @param phrases words or phrases
     * @return the condition
     */
    public RuleCondition answer(String... phrases) {
        return new RuleCondition(languages, tenants, attributes, question, List.of(phrases), passages);
    }

    /**
     * Holds where some retrieved passage has this in its metadata.
     *
     * @param key the key
     * @param value the value
     * @return the condition
     */
    public RuleCondition passage(String key, String value) {
        Map<String, String> all = new TreeMap<>(passages);
        all.put(Objects.requireNonNull(key, "key"), Objects.requireNonNull(value, "value"));
        return new RuleCondition(languages, tenants, attributes, question, answer, all);
    }

    Map<String, Object> toCanonical() {
        return Map.of(
                "languages", languages,
                "tenants", tenants,
                "attributes", attributes,
                "question", question,
                "answer", answer,
                "passages", passages);
    }

    /** A condition with its phrases ready to be looked for. */
    Compiled compile() {
        return new Compiled(this, Phrases.of(question), Phrases.of(answer));
    }

    /** A condition with its phrases ready to be looked for. */
    record Compiled(RuleCondition condition, Phrases<String> question, Phrases<String> answer) {

        boolean holds(ReadText text, ValidationContext context) {
            return inLanguage(context.locale())
                    && (condition.tenants.isEmpty()
                            || context.tenant()
                                    .filter(condition.tenants::contains)
                                    .isPresent())
                    && condition.attributes.entrySet().stream()
                            .allMatch(wanted -> wanted.getValue()
                                    .equals(context.attributes().get(wanted.getKey())))
                    && (condition.question.isEmpty() || question.isIn(Token.of(context.question())))
                    && (condition.answer.isEmpty() || answer.isIn(text.tokens()))
                    && condition.passages.entrySet().stream().allMatch(wanted -> onSomePassage(wanted, context));
        }

        private boolean inLanguage(Locale locale) {
            List<String> languages = condition.languages;
            return languages.isEmpty()
                    || languages.stream()
                            .map(Locale::forLanguageTag)
                            .anyMatch(wanted -> wanted.getLanguage().equals(locale.getLanguage())
                                    && (wanted.getCountry().isEmpty()
                                            || wanted.getCountry().equals(locale.getCountry())));
        }

        private static boolean onSomePassage(Map.Entry<String, String> wanted, ValidationContext context) {
            return context.passages().stream()
                    .anyMatch(passage -> wanted.getValue().equals(ReadText.metadata(passage, wanted.getKey())));
        }
    }
}
