package dev.llmlifecycle.retrieval.routing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.llmlifecycle.api.app.Question;
import dev.llmlifecycle.api.app.Route;
import dev.llmlifecycle.api.identity.Hash;
import org.jspecify.annotations.Nullable;

/**
 * An intent, where it goes, and how it is recognised.
 *
 * <p>The name may be a path such as {@code billing/refund}. A route named {@code billing} then takes what surely is
 * about billing while its parts cannot be told apart; it needs no examples of its own.
 *
 * <p>Immutable, and thread-safe where its conditions are.
 *
 * @since 0.1
 */
public final class IntentRoute {

    private static final int LONGEST_EXAMPLE = 2_000;

    private final String intent;
    private final Route target;
    private final String title;
    private final String description;
    private final List<String> examples;
    private final Map<String, Predicate<Question>> conditions;
    private final Set<String> phrases;
    private final List<Pattern> patterns;

    private IntentRoute(Builder builder) {
        this.intent = builder.intent;
        this.target = builder.target;
        this.title = Objects.requireNonNullElseGet(
                builder.title,
                () -> intent.substring(intent.lastIndexOf('/') + 1).replaceAll("[_-]", " "));
        this.description = builder.description;
        this.examples = List.copyOf(builder.examples);
        this.conditions = new LinkedHashMap<>(builder.conditions);
        this.phrases = new LinkedHashSet<>(builder.phrases);
        this.patterns = List.copyOf(builder.patterns);
    }

    /**
     * Starts a route.
     *
     * @param intent its name, not blank; {@code /} divides groups
     * @param target where questions with that intent go
     * @return a builder
     * @throws IllegalArgumentException when the name or a part of it is blank
     */
    public static Builder builder(String intent, Route target) {
        return new Builder(intent, target);
    }

    /**
     * Returns the name of the intent.
     *
     * @return the name
     */
    public String intent() {
        return intent;
    }

    /**
     * Returns where questions with this intent go.
     *
     * @return the route
     */
    public Route target() {
        return target;
    }

    /**
     * Returns what a user is shown when asked which intent is meant.
     *
     * @return the title
     */
    public String title() {
        return title;
    }

    /**
     * Returns the examples.
     *
     * @return each text once, in the order in which they were given
     */
    public List<String> examples() {
        return examples;
    }

    String description() {
        return description;
    }

    Set<String> phrases() {
        return phrases;
    }

    boolean hasRules() {
        return !(conditions.isEmpty() && phrases.isEmpty() && patterns.isEmpty());
    }

    /** Returns the name of the first condition that holds. */
    Optional<String> condition(Question question) {
        return conditions.entrySet().stream()
                .filter(condition -> condition.getValue().test(question))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** Returns the first regular expression that is found. */
    Optional<String> pattern(String text) {
        return patterns.stream()
                .filter(pattern -> pattern.matcher(text).find())
                .map(Pattern::pattern)
                .findFirst();
    }

    Map<String, Object> toCanonical() {
        return Map.of(
                "intent", intent,
                "target", Targets.toCanonical(target),
                "title", title,
                "description", description,
                "conditions", List.copyOf(conditions.keySet()),
                "phrases", List.copyOf(phrases),
                "patterns", patterns.stream().map(Pattern::pattern).toList(),
                "examples", Hash.ofCanonicalJson(examples).hex());
    }

    /**
     * Builds an {@link IntentRoute}.
     *
     * <p>Not thread-safe.
     *
     * @since 0.1
     */
    public static final class Builder {

        private final String intent;
        private final Route target;
        private final Set<String> examples = new LinkedHashSet<>();
        private final Map<String, Predicate<Question>> conditions = new LinkedHashMap<>();
        private final Set<String> phrases = new LinkedHashSet<>();
        private final List<Pattern> patterns = new ArrayList<>();
        private @Nullable String title;
        private String description = "";

        private Builder(String intent, Route target) {
            if (Objects.requireNonNull(intent, "intent").isBlank()
                    || intent.startsWith("/")
                    || intent.endsWith("/")
                    || intent.contains("//")) {
                throw new IllegalArgumentException("the intent '" + intent
                        + "' is blank or has a blank part; name it like billing or billing/refund");
            }
            this.intent = intent;
            this.target = Objects.requireNonNull(target, "target");
        }

        /**
         * Adds examples: questions with this intent. Texts that stand together should be those of one origin, such as
         * rewordings of each other, since calibration leaves them out together.
         *
         * @param examples the questions, none blank, of at most 2,000 characters; equal ones count once
         * @return this builder
         * @throws IllegalArgumentException when one is blank or too long
         */
        public Builder examples(List<String> examples) {
            for (String example : examples) {
                if (Texts.isEmpty(example) || example.length() > LONGEST_EXAMPLE) {
                    throw new IllegalArgumentException("example " + (this.examples.size() + 1) + " of the route '"
                            + intent + "' has " + example.length() + " characters; give a question of 1 to "
                            + LONGEST_EXAMPLE + " that are not all white space");
                }
                this.examples.add(example);
            }
            return this;
        }

        /**
         * Adds examples.
         *
         * @param examples as {@link #examples(List)} takes them
         * @return this builder
         * @throws IllegalArgumentException when one is blank or too long
         */
        public Builder examples(String... examples) {
            return examples(List.of(examples));
        }

        /**
         * Takes every question for which a condition holds; one of several is enough.
         *
         * @param name names the condition in decisions and in the identity of the router, once only
         * @param condition looks at anything about the question; thread-safe, without side effects
         * @return this builder
         * @throws IllegalArgumentException when the name is blank or taken
         */
        public Builder when(String name, Predicate<Question> condition) {
            if (name.isBlank() || conditions.containsKey(name)) {
                throw new IllegalArgumentException("the condition '" + name + "' of the route '" + intent
                        + "' is blank or there already; give each a name of its own");
            }
            conditions.put(name, Objects.requireNonNull(condition, "condition"));
            return this;
        }

        /**
         * Takes every question with an attribute.
         *
         * @param attribute its name
         * @param value its value
         * @return this builder
         */
        public Builder whenAttribute(String attribute, String value) {
            Objects.requireNonNull(value, "value");
            return when(
                    "attribute " + attribute + "=" + value,
                    question -> value.equals(question.attributes().get(attribute)));
        }

        /**
         * Takes every question of a tenant.
         *
         * @param tenant the tenant's id
         * @return this builder
         */
        public Builder whenTenant(String tenant) {
            Objects.requireNonNull(tenant, "tenant");
            return when(
                    "tenant=" + tenant,
                    question -> question.tenant().filter(tenant::equals).isPresent());
        }

        /**
         * Takes every question in a language.
         *
         * @param locale of which the language counts, and the country where it names one
         * @return this builder
         */
        public Builder whenLocale(Locale locale) {
            return when(
                    "locale=" + locale.toLanguageTag(),
                    question -> question.locale().getLanguage().equals(locale.getLanguage())
                            && (locale.getCountry().isEmpty()
                                    || locale.getCountry()
                                            .equals(question.locale().getCountry())));
        }

        /**
         * Takes every question that is one of these phrases; capitals, white space and punctuation at the end do not
         * count.
         *
         * @param phrases the phrases, none blank
         * @return this builder
         * @throws IllegalArgumentException when one is blank
         */
        public Builder phrases(String... phrases) {
            for (String phrase : phrases) {
                if (phrase.isBlank()) {
                    throw new IllegalArgumentException(
                            "a phrase of the route '" + intent + "' is blank; leave it out or fill it in");
                }
                this.phrases.add(Texts.normalise(phrase));
            }
            return this;
        }

        /**
         * Takes every question in which a regular expression is found.
         *
         * @param expression in the syntax of RE2, which is matched in linear time; {@code (?i)} ignores case
         * @return this builder
         * @throws IllegalArgumentException when it is no such expression
         */
        public Builder pattern(String expression) {
            try {
                patterns.add(Pattern.compile(expression));
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException(
                        "the pattern '" + expression + "' of the route '" + intent + "' is not one of RE2: "
                                + e.getDescription() + "; look-around and back-references are not in it",
                        e);
            }
            return this;
        }

        /**
         * Sets what a user is shown when asked which intent is meant. Default: the last part of the name, with spaces.
         *
         * @param title the title, not blank
         * @return this builder
         */
        public Builder title(String title) {
            if (title.isBlank()) {
                throw new IllegalArgumentException("the title of the route '" + intent + "' is blank; fill it in");
            }
            this.title = title;
            return this;
        }

        /**
         * Sets what the model of the last resort is told about the intent. Default: nothing but name and examples.
         *
         * @param description a sentence
         * @return this builder
         */
        public Builder description(String description) {
            this.description = Objects.requireNonNull(description, "description");
            return this;
        }

        /**
         * Builds the route.
         *
         * @return the route
         */
        public IntentRoute build() {
            return new IntentRoute(this);
        }
    }
}
