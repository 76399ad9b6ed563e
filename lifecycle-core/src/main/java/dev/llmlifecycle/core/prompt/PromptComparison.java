package dev.llmlifecycle.core.prompt;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.langchain4j.model.TokenCountEstimator;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.ModelParameters;
import dev.llmlifecycle.api.prompt.PromptPart;
import dev.llmlifecycle.api.prompt.PromptVariable;
import dev.llmlifecycle.api.prompt.ValueLimits;

/**
 * What changed between two versions of a prompt, and whether those who use it go on unchanged.
 *
 * <p>Two kinds of code depend on a prompt: what gives it values, and what reads the answer by its output schema. A
 * change is {@link Compatibility#BREAKING} when one of them may fail that did not before.
 *
 * <pre>{@code
 * PromptComparison comparison = PromptComparison.of(reviewed.template(), draft.template());
 * if (comparison.compatibility() == PromptComparison.Compatibility.BREAKING) {
 *     comparison.changes().forEach(change -> log.warn("{}", change));
 * }
 * }</pre>
 *
 * <p>Immutable.
 *
 * @param changes the changes: variables, then schema, messages, partials and parameters, and last what keeps the newer
 *     template from being rendered
 * @param texts the texts that changed: messages in their order, then partials
 * @param tokens the estimated tokens of all texts and the output schema, without values
 * @since 0.1
 */
public record PromptComparison(List<Change> changes, List<TextChange> texts, Tokens tokens) {

    private static final double NO_LIMIT = Double.POSITIVE_INFINITY;

    /** Copies. */
    public PromptComparison {
        changes = List.copyOf(changes);
        texts = List.copyOf(texts);
        Objects.requireNonNull(tokens, "tokens");
    }

    /**
     * Compares two templates, with tokens as {@link CharacterTokenCountEstimator} estimates them.
     *
     * @param before the older one
     * @param after the newer one
     * @return what changed; no change when they are equal
     * @throws IllegalArgumentException when an output schema is no JSON object
     */
    public static PromptComparison of(ChatPromptTemplate before, ChatPromptTemplate after) {
        return of(before, after, new CharacterTokenCountEstimator());
    }

    /**
     * Compares two templates.
     *
     * @param before the older one
     * @param after the newer one
     * @param estimator counts the tokens of their texts
     * @return what changed; no change when they are equal
     * @throws IllegalArgumentException when an output schema is no JSON object
     */
    public static PromptComparison of(
            ChatPromptTemplate before, ChatPromptTemplate after, TokenCountEstimator estimator) {
        List<Change> changes = new ArrayList<>();
        variables("", before.variables(), after.variables(), changes);
        SchemaComparison.compare(before, after, changes);
        messages(before.parts(), after.parts(), changes);
        partials(before.partials(), after.partials(), changes);
        parameters(before.parameters(), after.parameters(), changes);
        unrenderable(after).ifPresent(changes::add);
        return new PromptComparison(
                changes,
                TextChanges.between(before, after),
                new Tokens(TextChanges.tokens(before, estimator), TextChanges.tokens(after, estimator)));
    }

    /**
     * Returns the worst of the changes.
     *
     * @return COMPATIBLE when there is none
     */
    public Compatibility compatibility() {
        return changes.stream()
                .map(Change::compatibility)
                .max(Comparator.naturalOrder())
                .orElse(Compatibility.COMPATIBLE);
    }

    /**
     * Suggests which part of a semantic version to raise.
     *
     * @return MAJOR for a breaking change, MINOR for a backward-compatible one, PATCH when only texts changed, NONE
     *     when nothing did
     */
    public VersionBump versionBump() {
        if (changes.isEmpty()) {
            return VersionBump.NONE;
        }
        return switch (compatibility()) {
            case COMPATIBLE -> VersionBump.PATCH;
            case BACKWARD_COMPATIBLE -> VersionBump.MINOR;
            case BREAKING -> VersionBump.MAJOR;
        };
    }

    /**
     * One change.
     *
     * @param place what changed, such as {@code variable 'tone'} or {@code message 2}
     * @param compatibility what it means for those who use the prompt
     * @param reason what changed there, and why that breaks something where it does
     */
    public record Change(String place, Compatibility compatibility, String reason) {

        /** Checks the parts. */
        public Change {
            Objects.requireNonNull(place, "place");
            Objects.requireNonNull(compatibility, "compatibility");
            Objects.requireNonNull(reason, "reason");
        }

        @Override
        public String toString() {
            return compatibility + ": " + place + ": " + reason;
        }
    }

    /**
     * A text that changed.
     *
     * @param place which text, such as {@code message 2}; one that was removed is counted in the older template and is
     *     {@code message 2 before}
     * @param before the older text, empty when it was added
     * @param after the newer text, empty when it was removed
     */
    public record TextChange(String place, String before, String after) {

        /** Checks for null. */
        public TextChange {
            Objects.requireNonNull(place, "place");
            Objects.requireNonNull(before, "before");
            Objects.requireNonNull(after, "after");
        }

        /**
         * Returns the changed lines with three unchanged ones around them.
         *
         * @return a unified diff, line by line
         */
        public List<String> unifiedDiff() {
            return TextChanges.unified(this);
        }

        /**
         * Returns all lines with marks around the words that changed.
         *
         * @return lines with {@code [-old-]} and {@code {+new+}}, as {@code git diff --word-diff} shows them
         */
        public List<String> wordDiff() {
            return TextChanges.words(this);
        }
    }

    /**
     * Estimated tokens.
     *
     * @param before of the older template
     * @param after of the newer template
     */
    public record Tokens(int before, int after) {}

    /** What a change means for those who use a prompt, from harmless to worst. */
    public enum Compatibility {
        /** The same values are taken and the same form of answer is given. */
        COMPATIBLE,
        /** All that was taken is still taken, and more. */
        BACKWARD_COMPATIBLE,
        /** Code that worked may fail. */
        BREAKING
    }

    /** Which part of a semantic version to raise. */
    public enum VersionBump {
        /** Nothing changed. */
        NONE,
        /** Texts changed. */
        PATCH,
        /** More is possible than before. */
        MINOR,
        /** Something breaks. */
        MAJOR
    }

    /** Tells why the newer template cannot be rendered, such as for a variable that was removed though it is used. */
    private static Optional<Change> unrenderable(ChatPromptTemplate after) {
        try {
            PromptRenderer.check(after);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(
                    new Change("template", Compatibility.BREAKING, "it cannot be rendered: " + e.getMessage()));
        }
    }

    private static void variables(
            String path, List<PromptVariable> before, List<PromptVariable> after, List<Change> changes) {
        Map<String, PromptVariable> old = byName(before);
        Map<String, PromptVariable> now = byName(after);
        Set<String> names = new TreeSet<>(old.keySet());
        names.addAll(now.keySet());
        for (String name : names) {
            String place = "variable '" + path + name + "'";
            PromptVariable was = old.get(name);
            PromptVariable is = now.get(name);
            if (was == null && is != null) {
                changes.add(
                        is.required()
                                ? new Change(place, Compatibility.BREAKING, "a required variable was added")
                                : new Change(
                                        place, Compatibility.BACKWARD_COMPATIBLE, "an optional variable was added"));
            } else if (was != null && is == null) {
                changes.add(new Change(
                        place, Compatibility.BREAKING, "it was removed, and a value that is given for it is refused"));
            } else if (was != null && is != null) {
                variable(place, path + name + ".", was, is, changes);
            }
        }
    }

    private static void variable(
            String place, String path, PromptVariable was, PromptVariable is, List<Change> changes) {
        if (was.type() != is.type()
                || was.properties().isEmpty() != is.properties().isEmpty()) {
            Compatibility meaning = widened(was, is) ? Compatibility.BACKWARD_COMPATIBLE : Compatibility.BREAKING;
            changes.add(new Change(place, meaning, "its type changed from " + was.type() + " to " + is.type()));
        } else {
            variables(path, was.properties(), is.properties(), changes);
            limits(place, was.limits(), is.limits(), changes);
        }
        if (was.required() != is.required()) {
            changes.add(
                    is.required()
                            ? new Change(place, Compatibility.BREAKING, "its default was removed, so it is required")
                            : new Change(place, Compatibility.BACKWARD_COMPATIBLE, "it has a default now"));
        } else if (!was.defaultValue().equals(is.defaultValue())) {
            changes.add(new Change(place, Compatibility.COMPATIBLE, "its default changed"));
        }
        if (was.handling() != is.handling()) {
            changes.add(new Change(
                    place,
                    Compatibility.COMPATIBLE,
                    "its text is " + is.handling() + " and no longer " + was.handling()));
        }
    }

    /** A text takes the values of an enum, a number or a boolean too. */
    private static boolean widened(PromptVariable was, PromptVariable is) {
        boolean plain = was.type() == PromptVariable.Type.ENUM
                || was.type() == PromptVariable.Type.NUMBER
                || was.type() == PromptVariable.Type.BOOLEAN;
        return plain && is.type() == PromptVariable.Type.TEXT && is.limits().equals(ValueLimits.NONE);
    }

    private static void limits(String place, ValueLimits was, ValueLimits is, List<Change> changes) {
        if (!was.pattern().equals(is.pattern())) {
            changes.add(
                    is.pattern().isEmpty()
                            ? new Change(place, Compatibility.BACKWARD_COMPATIBLE, "its pattern was removed")
                            : new Change(
                                    place,
                                    Compatibility.BREAKING,
                                    "its pattern changed, and a text that matched may not match now"));
        }
        limit(place, "greatest length", upper(was.maxLength()), upper(is.maxLength()), changes);
        limit(place, "greatest number of items", upper(was.maxItems()), upper(is.maxItems()), changes);
        limit(
                place,
                "greatest value",
                was.maximum().orElse(NO_LIMIT),
                is.maximum().orElse(NO_LIMIT),
                changes);
        limit(
                place,
                "smallest value",
                -was.minimum().orElse(-NO_LIMIT),
                -is.minimum().orElse(-NO_LIMIT),
                changes);
        Set<String> missing = new TreeSet<>(was.values());
        is.values().forEach(missing::remove);
        if (!missing.isEmpty()) {
            changes.add(new Change(
                    place, Compatibility.BREAKING, "its choice has no longer " + String.join(", ", missing)));
        } else if (!new HashSet<>(was.values()).containsAll(is.values())) {
            changes.add(new Change(place, Compatibility.BACKWARD_COMPATIBLE, "its choice grew"));
        }
    }

    private static double upper(Optional<Integer> limit) {
        return limit.map(Integer::doubleValue).orElse(NO_LIMIT);
    }

    private static void limit(String place, String what, double was, double is, List<Change> changes) {
        if (is < was) {
            changes.add(new Change(place, Compatibility.BREAKING, "its " + what + " was narrowed"));
        } else if (is > was) {
            changes.add(new Change(place, Compatibility.BACKWARD_COMPATIBLE, "its " + what + " was widened"));
        }
    }

    private static void messages(List<PromptPart> before, List<PromptPart> after, List<Change> changes) {
        List<String> was = before.stream().map(PromptComparison::kind).toList();
        List<String> is = after.stream().map(PromptComparison::kind).toList();
        if (!was.equals(is)) {
            changes.add(new Change(
                    "messages",
                    Compatibility.BREAKING,
                    "their order changed from " + String.join(", ", was) + " to " + String.join(", ", is)
                            + ", and histories and examples that fitted may not fit now"));
            return;
        }
        for (int i = 0; i < before.size(); i++) {
            if (!before.get(i).equals(after.get(i))) {
                changes.add(new Change("message " + (i + 1), Compatibility.COMPATIBLE, "its text changed"));
            }
        }
    }

    static String kind(PromptPart part) {
        return part instanceof PromptPart.Message message
                ? message.role().name()
                : "place for " + ((PromptPart.Placeholder) part).content();
    }

    private static void partials(Map<String, String> before, Map<String, String> after, List<Change> changes) {
        Set<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        for (String name : names) {
            Optional<String> was = Optional.ofNullable(before.get(name));
            Optional<String> is = Optional.ofNullable(after.get(name));
            if (!was.equals(is)) {
                String what = was.isEmpty() ? "it was added" : is.isEmpty() ? "it was removed" : "its text changed";
                changes.add(new Change("partial '" + name + "'", Compatibility.COMPATIBLE, what));
            }
        }
    }

    private static void parameters(ModelParameters before, ModelParameters after, List<Change> changes) {
        Map<String, Function<ModelParameters, Object>> parameters = new LinkedHashMap<>();
        parameters.put("temperature", ModelParameters::temperature);
        parameters.put("topP", ModelParameters::topP);
        parameters.put("maxOutputTokens", ModelParameters::maxOutputTokens);
        parameters.put("stopSequences", ModelParameters::stopSequences);
        parameters.forEach((name, value) -> {
            if (!value.apply(before).equals(value.apply(after))) {
                changes.add(new Change(
                        "parameter '" + name + "'",
                        Compatibility.COMPATIBLE,
                        "it changed from " + shown(value.apply(before)) + " to " + shown(value.apply(after))));
            }
        });
    }

    private static String shown(Object value) {
        return value instanceof Optional<?> optional
                ? optional.map(String::valueOf).orElse("unset")
                : String.valueOf(value);
    }

    private static Map<String, PromptVariable> byName(List<PromptVariable> variables) {
        return variables.stream().collect(Collectors.toMap(PromptVariable::name, Function.identity()));
    }
}
