package dev.llmlifecycle.core.validation.legal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.core.internal.JsonObject;
import dev.llmlifecycle.core.internal.LineProblem;
import dev.llmlifecycle.core.internal.YamlTree;

/**
 * What a place asks of an application that answers people, as data: rules with their sources, and the validators that
 * check them.
 *
 * <p>The shipped ones, {@code EU}, {@code US-CA} and {@code generic}, are a start and not complete; each rule names its
 * article, so that a lawyer can confirm, correct or drop it. None of it is legal advice.
 *
 * <pre>{@code
 * id: EU
 * title: European Union
 * rules:
 *   - id: ai-act-50-1
 *     title: People know that they talk to a machine
 *     duty: MACHINE_DISCLOSURE
 *     source: Regulation (EU) 2024/1689, Article 50(1) and (5)
 *     summary: ...
 *     appliesFrom: 2026-08-02              # optional
 *     checkedBy: [machine-disclosure]      # names of validators; optional
 * }</pre>
 *
 * <p>Immutable.
 *
 * @param id a short name, such as {@code EU}
 * @param title the name for people
 * @param rules the rules, at least one, with different ids
 * @since 0.1
 */
public record Jurisdiction(String id, String title, List<Rule> rules) {

    private static final List<String> SHIPPED = List.of("EU", "US-CA", "generic");

    /** Checks and copies. */
    public Jurisdiction {
        requireText(id, "id");
        requireText(title, "title");
        rules = List.copyOf(rules);
        if (rules.isEmpty()) {
            throw new IllegalArgumentException("the jurisdiction '" + id + "' has no rules; give it one");
        }
        Set<String> ids = new HashSet<>();
        for (Rule rule : rules) {
            if (!ids.add(rule.id())) {
                throw new IllegalArgumentException(
                        "the jurisdiction '" + id + "' has two rules '" + rule.id() + "'; give each an id of its own");
            }
        }
    }

    /**
     * Returns a jurisdiction that comes with the library.
     *
     * @param id {@code EU}, {@code US-CA} or {@code generic}
     * @return its rules
     * @throws IllegalArgumentException for another
     */
    public static Jurisdiction shipped(String id) {
        if (!SHIPPED.contains(Objects.requireNonNull(id, "id"))) {
            throw new IllegalArgumentException(
                    "the jurisdiction '" + id + "' does not come with the library, which has " + SHIPPED
                            + "; read its rules with Jurisdiction.parse");
        }
        String file = "jurisdiction-" + id + ".yaml";
        try (InputStream in = Jurisdiction.class.getResourceAsStream(file)) {
            return parse(new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("Reading " + file + " from the library failed; repair its jar", e);
        }
    }

    /**
     * Reads a jurisdiction.
     *
     * @param yaml YAML 1.2 or JSON
     * @return its rules
     * @throws IllegalArgumentException when it is neither, or a field is missing or wrong; the message names the field,
     *     and the line where it is known
     */
    public static Jurisdiction parse(String yaml) {
        YamlTree tree = YamlTree.parse(yaml, 1);
        try {
            JsonObject json = JsonObject.of(tree.values());
            return new Jurisdiction(
                    json.text("id"),
                    json.text("title"),
                    json.objects("rules").stream().map(Rule::read).toList());
        } catch (IllegalArgumentException e) {
            String problem = String.valueOf(e.getMessage());
            throw tree.lineNamedIn(problem)
                    .<IllegalArgumentException>map(line -> new LineProblem(line, problem))
                    .orElse(e);
        }
    }

    /**
     * Returns the rules of a duty.
     *
     * @param duty the duty
     * @return the rules, possibly none
     */
    public List<Rule> rules(Duty duty) {
        return rules.stream().filter(rule -> rule.duty() == duty).toList();
    }

    /**
     * Returns the hash of the rules.
     *
     * @return the SHA-256 of their canonical JSON
     */
    public Hash hash() {
        return Hash.ofCanonicalJson(Map.of(
                "id",
                id,
                "title",
                title,
                "rules",
                rules.stream().map(Rule::toCanonical).toList()));
    }

    private static void requireText(String text, String what) {
        if (Objects.requireNonNull(text, what).isBlank()) {
            throw new IllegalArgumentException("the " + what + " of a jurisdiction or rule is blank; write it out");
        }
    }

    /** What a rule asks for. */
    public enum Duty {
        /** People are told that they talk to a machine. */
        MACHINE_DISCLOSURE,
        /** What a machine made is marked as such. */
        CONTENT_MARKING,
        /** Records are kept of what the system did. */
        RECORD_KEEPING,
        /** Professional advice is not given, or not without a warning. */
        ADVICE_DISCLAIMER,
        /** Works of others are quoted within limits and with attribution. */
        QUOTATION,
        /** Personal data are used with consent, for their purpose and for as long as allowed. */
        CONSENT,
        /** Personal data are kept out of what they have no business in. */
        PERSONAL_DATA,
        /** Something else. */
        OTHER
    }

    /**
     * One rule.
     *
     * @param id unique in its jurisdiction
     * @param title what it asks for, in a line
     * @param duty the kind
     * @param source the article it stands in
     * @param summary what it says, in the words of who wrote the rule down
     * @param appliesFrom the first day it applies, where that matters
     * @param checkedBy the names of the validators that check it, any of them; possibly none
     */
    public record Rule(
            String id,
            String title,
            Duty duty,
            String source,
            String summary,
            Optional<LocalDate> appliesFrom,
            List<String> checkedBy) {

        /** Checks and copies. */
        public Rule {
            requireText(id, "id");
            requireText(title, "title");
            Objects.requireNonNull(duty, "duty");
            requireText(source, "source");
            requireText(summary, "summary");
            Objects.requireNonNull(appliesFrom, "appliesFrom");
            checkedBy = List.copyOf(checkedBy);
        }

        private static Rule read(JsonObject json) {
            return new Rule(
                    json.text("id"),
                    json.text("title"),
                    json.constant("duty", Duty.class),
                    json.text("source"),
                    json.text("summary"),
                    json.optionalText("appliesFrom").map(date -> date(json.text("id"), date)),
                    json.texts("checkedBy"));
        }

        private static LocalDate date(String id, String date) {
            try {
                return LocalDate.parse(date);
            } catch (DateTimeParseException e) {
                throw new IllegalArgumentException(
                        "the field 'appliesFrom' of rule '" + id + "' is '" + date + "' and not a date such as"
                                + " 2026-01-31",
                        e);
            }
        }

        private Map<String, Object> toCanonical() {
            Map<String, Object> json = new HashMap<>();
            json.put("id", id);
            json.put("title", title);
            json.put("duty", duty);
            json.put("source", source);
            json.put("summary", summary);
            appliesFrom.ifPresent(date -> json.put("appliesFrom", date.toString()));
            json.put("checkedBy", checkedBy);
            return json;
        }
    }
}
