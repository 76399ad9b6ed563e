package dev.llmlifecycle.core.validation.business;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.core.internal.LineProblem;
import dev.llmlifecycle.core.internal.YamlTree;
import org.jspecify.annotations.Nullable;

/** Reads {@link BusinessRules} from YAML. */
final class BusinessRulesFile {

    private static final int FORMAT = 1;
    private static final long MAX_BYTES = 3_000_000;
    private static final Set<String> KINDS =
            new TreeSet<>(Set.of("required", "forbidden", "reading-level", "tone", "length", "sources", "facts"));
    private static final Set<String> TERMS = Set.of("id", "severity", "owner", "reason", "when");

    private final YamlTree tree;

    private BusinessRulesFile(YamlTree tree) {
        this.tree = tree;
    }

    static BusinessRules read(Path file) {
        String text;
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new IllegalArgumentException("the business rules " + file + " have more than " + MAX_BYTES
                        + " bytes; put long tables behind a supplier instead");
            }
            text = Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new LifecycleException("Reading the business rules " + file + " failed; save the file as UTF-8", e);
        } catch (IOException e) {
            throw new LifecycleException(
                    "Reading the business rules " + file + " failed; check that the file is there and readable", e);
        }
        try {
            return parse(text);
        } catch (LineProblem e) {
            throw new IllegalArgumentException(
                    "the business rules " + file + ", line " + e.line() + ": " + e.problem(), e);
        }
    }

    /**
     * Reads rules.
     *
     * @throws LineProblem when a line is wrong
     */
    static BusinessRules parse(String yaml) {
        YamlTree tree = YamlTree.parse(yaml.startsWith("\uFEFF") ? yaml.substring(1) : yaml, 1);
        return new BusinessRulesFile(tree).rules();
    }

    private BusinessRules rules() {
        Entry file = new Entry("", tree.values());
        file.requireKnown(Set.of("format", "name", "rules", "targets"));
        int format = file.integer("format").orElseThrow(() -> file.problem("format", "is missing; write 'format: 1'"));
        if (format != FORMAT) {
            throw file.problem("format", "is " + format + ", and this version of the library reads " + FORMAT);
        }
        BusinessRules.Builder builder = at("name", () -> BusinessRules.builder(file.text("name")));
        for (Entry entry : file.entries("rules")) {
            at(entry.path(), () -> builder.rule(rule(entry)));
        }
        for (Entry entry : file.entries("targets")) {
            at(entry.path(), () -> builder.target(target(entry)));
        }
        return at("rules", builder::build);
    }

    private BusinessRule rule(Entry entry) {
        List<String> kinds =
                entry.values().keySet().stream().filter(KINDS::contains).toList();
        Set<String> known = new TreeSet<>(TERMS);
        known.addAll(KINDS);
        entry.requireKnown(known);
        if (kinds.size() != 1) {
            throw entry.problem(
                    "",
                    "has " + (kinds.isEmpty() ? "no demand" : "the demands " + kinds) + "; give it one of " + KINDS);
        }
        RuleTerms terms = new RuleTerms(
                entry.text("id"),
                entry.optionalText("severity")
                        .map(name -> entry.constant("severity", name, Finding.Severity.values()))
                        .orElse(Finding.Severity.ERROR),
                entry.optionalText("owner").orElse(""),
                entry.optionalText("reason").orElse(""),
                entry.has("when") ? condition(entry.entry("when")) : RuleCondition.always());
        String kind = kinds.get(0);
        return at(entry.path(kind), () -> demand(kind, terms, entry));
    }

    private BusinessRule demand(String kind, RuleTerms terms, Entry entry) {
        return switch (kind) {
            case "required" -> new BusinessRule.Required(terms, entry.texts(kind));
            case "forbidden" -> new BusinessRule.Forbidden(terms, entry.texts(kind));
            case "reading-level" -> readingLevel(terms, entry.entry(kind));
            case "tone" -> tone(terms, entry);
            case "length" -> length(terms, entry.entry(kind));
            case "sources" -> sources(terms, entry.entry(kind));
            default -> facts(terms, entry.entry(kind));
        };
    }

    private RuleCondition condition(Entry when) {
        when.requireKnown(Set.of("languages", "tenants", "attributes", "question", "answer", "passages"));
        return at(
                when.path(),
                () -> new RuleCondition(
                        when.optionalTexts("languages"),
                        when.optionalTexts("tenants"),
                        when.optionalTextMap("attributes"),
                        when.optionalTexts("question"),
                        when.optionalTexts("answer"),
                        when.optionalTextMap("passages")));
    }

    private static BusinessRule readingLevel(RuleTerms terms, Entry level) {
        level.requireKnown(Set.of("grade", "lix", "min-words"));
        return new BusinessRule.ReadingLevel(
                terms,
                level.number("grade"),
                level.number("lix"),
                level.integer("min-words").orElse(30));
    }

    private static BusinessRule tone(RuleTerms terms, Entry entry) {
        if (entry.values().get("tone") instanceof String preset) {
            if (!preset.equals("formal")) {
                throw entry.problem("tone", "is '" + preset + "'; write 'formal', or keys below it");
            }
            return BusinessRule.formalTone(terms.id()).withTerms(terms);
        }
        Entry tone = entry.entry("tone");
        tone.requireKnown(Set.of("exclamation-marks", "contractions", "avoid"));
        Map<String, List<String>> avoid = new LinkedHashMap<>();
        if (tone.has("avoid")) {
            Entry lists = tone.entry("avoid");
            lists.values().keySet().forEach(name -> avoid.put(name, lists.texts(name)));
        }
        return new BusinessRule.Tone(
                terms,
                tone.integer("exclamation-marks").orElse(Integer.MAX_VALUE),
                tone.bool("contractions").orElse(true),
                avoid);
    }

    private static BusinessRule length(RuleTerms terms, Entry length) {
        length.requireKnown(Set.of("min-words", "max-words", "max-sentences", "max-characters"));
        return new BusinessRule.Length(
                terms,
                length.integer("min-words"),
                length.integer("max-words"),
                length.integer("max-sentences"),
                length.integer("max-characters"));
    }

    private static BusinessRule sources(RuleTerms terms, Entry sources) {
        sources.requireKnown(Set.of("key", "allowed", "forbidden"));
        return new BusinessRule.Sources(
                terms, sources.text("key"), sources.optionalTexts("allowed"), sources.optionalTexts("forbidden"));
    }

    private BusinessRule facts(RuleTerms terms, Entry facts) {
        facts.requireKnown(Set.of("table", "version", "rows"));
        List<FactTable.Row> rows = new ArrayList<>();
        for (Entry row : facts.entries("rows")) {
            row.requireKnown(Set.of("name", "aliases", "value", "to", "unit"));
            rows.add(at(row.path(), () -> {
                FactTable.Row one = FactTable.Row.of(row.text("name"), row.scalar("value"), row.text("unit"));
                return new FactTable.Row(
                        one.name(),
                        row.optionalTexts("aliases"),
                        one.value(),
                        row.has("to")
                                ? Optional.of(FactTable.Row.number(one.name(), row.scalar("to")))
                                : Optional.empty(),
                        one.unit(),
                        one.per());
            }));
        }
        String table = facts.optionalText("table").orElse(terms.id());
        return BusinessRule.facts(terms.id(), new FactTable(table, facts.scalar("version"), rows))
                .withTerms(terms);
    }

    private KpiTarget target(Entry target) {
        target.requireKnown(Set.of("id", "measure", "of", "at-least", "at-most", "owner"));
        if (target.has("at-least") == target.has("at-most")) {
            throw target.problem("", "needs one of 'at-least' and 'at-most'");
        }
        boolean least = target.has("at-least");
        String measure = target.text("measure");
        return new KpiTarget(
                target.text("id"),
                target.constant("measure", measure, KpiTarget.Measure.values()),
                target.optionalText("of").orElse(""),
                least ? KpiTarget.Bound.AT_LEAST : KpiTarget.Bound.AT_MOST,
                target.number(least ? "at-least" : "at-most").getAsDouble(),
                target.optionalText("owner").orElse(""));
    }

    /** Adds the line to what is found wrong with a value. */
    private <T> T at(String path, Supplier<T> reader) {
        try {
            return reader.get();
        } catch (LineProblem e) {
            throw e;
        } catch (IllegalArgumentException e) {
            LineProblem located = new LineProblem(tree.line(path), String.valueOf(e.getMessage()));
            located.initCause(e);
            throw located;
        }
    }

    /** A mapping of the file that knows where it stands. */
    private final class Entry {

        private final String path;
        private final Map<String, Object> values;

        Entry(String path, Map<String, Object> values) {
            this.path = path;
            this.values = values;
        }

        String path() {
            return path;
        }

        String path(String key) {
            return key.isEmpty() ? path : path.isEmpty() ? key : path + "." + key;
        }

        Map<String, Object> values() {
            return values;
        }

        boolean has(String key) {
            return values.get(key) != null;
        }

        LineProblem problem(String key, String problem) {
            String where = path(key);
            return new LineProblem(tree.line(where), "'" + where + "' " + problem);
        }

        void requireKnown(Set<String> known) {
            for (String key : values.keySet()) {
                if (!known.contains(key)) {
                    throw problem(key, "is not known; use one of " + new TreeSet<>(known));
                }
            }
        }

        String text(String key) {
            return optionalText(key).orElseThrow(() -> problem(key, "is missing; write it"));
        }

        Optional<String> optionalText(String key) {
            Object value = values.get(key);
            if (value == null || value instanceof String) {
                return Optional.ofNullable((String) value);
            }
            throw problem(key, "is no text; put it in quotes");
        }

        /** Returns a text or a number as it is written. */
        String scalar(String key) {
            Object value = values.get(key);
            if (value instanceof BigDecimal decimal) {
                return decimal.toString();
            }
            if (value instanceof String || value instanceof Number) {
                return value.toString();
            }
            throw problem(key, value == null ? "is missing; write it" : "is neither text nor number; write one");
        }

        OptionalInt integer(String key) {
            Object value = values.get(key);
            if (value == null) {
                return OptionalInt.empty();
            }
            if (value instanceof Integer number) {
                return OptionalInt.of(number);
            }
            throw problem(key, "is no whole number; write one");
        }

        OptionalDouble number(String key) {
            Object value = values.get(key);
            if (value == null) {
                return OptionalDouble.empty();
            }
            if (value instanceof Number number) {
                return OptionalDouble.of(number.doubleValue());
            }
            throw problem(key, "is no number; write one such as 0.7");
        }

        Optional<Boolean> bool(String key) {
            Object value = values.get(key);
            if (value == null || value instanceof Boolean) {
                return Optional.ofNullable((Boolean) value);
            }
            throw problem(key, "is neither true nor false; write one of them");
        }

        /** Returns a list of texts, or the one text that stands there instead of a list. */
        List<String> texts(String key) {
            Object value = values.get(key);
            if (value instanceof String text) {
                return List.of(text);
            }
            if (!(value instanceof List<?> list)) {
                throw problem(key, "is no list of texts; write '- ' before each of them");
            }
            List<String> texts = new ArrayList<>();
            for (Object item : list) {
                if (!(item instanceof String text)) {
                    throw problem(key + "[" + texts.size() + "]", "is no text; put it in quotes");
                }
                texts.add(text);
            }
            return texts;
        }

        List<String> optionalTexts(String key) {
            return has(key) ? texts(key) : List.of();
        }

        Map<String, String> optionalTextMap(String key) {
            Map<String, String> texts = new LinkedHashMap<>();
            if (has(key)) {
                Entry map = entry(key);
                map.values().keySet().forEach(name -> texts.put(name, map.text(name)));
            }
            return texts;
        }

        Entry entry(String key) {
            return new Entry(path(key), map(key, values.get(key)));
        }

        List<Entry> entries(String key) {
            Object value = values.get(key);
            if (value == null) {
                return List.of();
            }
            if (!(value instanceof List<?> list)) {
                throw problem(key, "is no list; write '- ' before each entry");
            }
            List<Entry> entries = new ArrayList<>();
            for (Object item : list) {
                String itemKey = key + "[" + entries.size() + "]";
                entries.add(new Entry(path(itemKey), map(itemKey, item)));
            }
            return entries;
        }

        @SuppressWarnings("unchecked") // The tree has texts as keys only.
        private Map<String, Object> map(String key, @Nullable Object value) {
            if (!(value instanceof Map<?, ?> map)) {
                throw problem(key, "has no keys; write lines such as 'name: value' below it");
            }
            return (Map<String, Object>) map;
        }

        <E extends Enum<E>> E constant(String key, String name, E[] constants) {
            List<String> names = new ArrayList<>();
            for (E constant : constants) {
                String written = constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
                if (written.equals(name)) {
                    return constant;
                }
                names.add(written);
            }
            throw problem(key, "is '" + name + "'; use one of " + names);
        }
    }
}
