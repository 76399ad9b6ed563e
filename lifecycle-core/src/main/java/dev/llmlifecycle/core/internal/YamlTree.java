package dev.llmlifecycle.core.internal;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * A mapping that was read from YAML 1.2 (core schema), which knows the line of each of its values.
 *
 * <p>It holds plain data only: maps with text keys in the order of the text, lists, texts, booleans, whole numbers as
 * {@link Integer} or {@link BigInteger}, other numbers as {@link BigDecimal}, and null. Tags, anchors and aliases are
 * refused, and with them everything that could name a class or grow beyond the text.
 *
 * <p>Immutable.
 *
 * @since 0.1
 */
public final class YamlTree {

    private static final int MAX_DEPTH = 50;
    private static final int MAX_CHARACTERS = 3_000_000;
    private static final ScalarResolver RESOLVER = new CoreSchema().getScalarResolver();

    private final Map<String, Object> values;
    private final Map<String, Integer> lines;

    private YamlTree(Map<String, Object> values, Map<String, Integer> lines) {
        this.values = values;
        this.lines = lines;
    }

    /**
     * Reads a mapping.
     *
     * @param yaml the text; blank for the empty mapping
     * @param firstLine the line of the file in which the text begins, from 1
     * @return the mapping
     * @throws LineProblem when it is not exactly one YAML mapping of plain data
     */
    public static YamlTree parse(String yaml, int firstLine) {
        LoadSettings settings = LoadSettings.builder()
                .setUseMarks(true)
                .setCodePointLimit(MAX_CHARACTERS)
                .build();
        try {
            return new Reader(new Parse(settings).parseString(yaml).iterator(), firstLine).document();
        } catch (MarkedYamlEngineException e) {
            throw new LineProblem(
                    firstLine + e.getProblemMark().map(Mark::getLine).orElse(0),
                    "it is not valid YAML (" + e.getProblem() + "); correct it, or put quotes around the text");
        } catch (YamlEngineException e) {
            // Such as a character that YAML does not allow; the message may quote the text.
            throw new LineProblem(firstLine, "it is not valid YAML; look for control characters");
        }
    }

    /**
     * Returns the mapping.
     *
     * @return maps, lists, texts, numbers, booleans and nulls, unmodifiable
     */
    public Map<String, Object> values() {
        return values;
    }

    /**
     * Returns the line of a value.
     *
     * @param path where it is, such as {@code variables[0].name}
     * @return the line of its key or item, from 1; the first of the mapping where there is no such value
     */
    public int line(String path) {
        return lines.getOrDefault(path, lines.getOrDefault("", 1));
    }

    /**
     * Finds the line that a message is about: that of the longest path which stands in it between quotes.
     *
     * @param message a message such as {@link JsonObject} makes
     * @return the line, if a path stands in the message
     */
    public Optional<Integer> lineNamedIn(String message) {
        return lines.keySet().stream()
                .filter(path -> !path.isEmpty() && message.contains("'" + path + "'"))
                .max((a, b) -> Integer.compare(a.length(), b.length()))
                .map(this::line);
    }

    /** Reads one document from its events. */
    private static final class Reader {

        private final Iterator<Event> events;
        private final int firstLine;
        private final Map<String, Integer> lines = new HashMap<>();

        Reader(Iterator<Event> events, int firstLine) {
            this.events = events;
            this.firstLine = firstLine;
        }

        YamlTree document() {
            lines.put("", firstLine);
            events.next();
            Event start = events.next();
            if (start.getEventId() == Event.ID.StreamEnd) {
                return new YamlTree(Map.of(), lines);
            }
            Event first = events.next();
            boolean empty = first instanceof ScalarEvent scalar
                    && scalar.isPlain()
                    && scalar.getValue().isEmpty();
            if (!empty && !(first instanceof MappingStartEvent)) {
                throw new LineProblem(lineOf(first), "it is not a mapping; write lines such as 'name: value'");
            }
            Map<String, Object> values =
                    first instanceof MappingStartEvent mapping ? mapping("", mapping, 0) : Map.of();
            events.next();
            Event end = events.next();
            if (end.getEventId() != Event.ID.StreamEnd) {
                throw new LineProblem(lineOf(end), "a second YAML document begins here; keep one");
            }
            return new YamlTree(values, lines);
        }

        private @Nullable Object value(String path, Event event, int depth) {
            if (event instanceof ScalarEvent scalar) {
                return scalar(scalar);
            }
            if (event instanceof MappingStartEvent mapping) {
                return mapping(path, mapping, depth);
            }
            List<Object> items = new ArrayList<>();
            check((NodeEvent) event, depth);
            for (Event item = events.next(); item.getEventId() != Event.ID.SequenceEnd; item = events.next()) {
                String itemPath = path + "[" + items.size() + "]";
                lines.put(itemPath, lineOf(item));
                items.add(value(itemPath, item, depth + 1));
            }
            return Collections.unmodifiableList(items);
        }

        private Map<String, Object> mapping(String path, MappingStartEvent start, int depth) {
            check(start, depth);
            Map<String, Object> values = new LinkedHashMap<>();
            for (Event next = events.next(); next.getEventId() != Event.ID.MappingEnd; next = events.next()) {
                if (!(next instanceof ScalarEvent key)) {
                    throw new LineProblem(lineOf(next), "a key is not a text; write lines such as 'name: value'");
                }
                check(key, depth);
                String name = key.getValue();
                String valuePath = path.isEmpty() ? name : path + "." + name;
                lines.put(valuePath, lineOf(key));
                if (values.containsKey(name)) {
                    throw new LineProblem(lineOf(key), "the key '" + name + "' stands there twice; keep one");
                }
                values.put(name, value(valuePath, events.next(), depth + 1));
            }
            return Collections.unmodifiableMap(values);
        }

        private @Nullable Object scalar(ScalarEvent event) {
            check(event, 0);
            String text = event.getValue();
            Tag tag = event.isPlain() ? RESOLVER.resolve(text, true) : Tag.STR;
            if (tag.equals(Tag.NULL)) {
                return null;
            }
            if (tag.equals(Tag.BOOL)) {
                return Boolean.valueOf(text);
            }
            try {
                if (tag.equals(Tag.INT)) {
                    return integer(text);
                }
                if (tag.equals(Tag.FLOAT)) {
                    return new BigDecimal(text);
                }
            } catch (NumberFormatException e) {
                throw new LineProblem(
                        lineOf(event), "'" + text + "' is no finite number; correct it or put it in quotes");
            }
            return text;
        }

        private static Number integer(String text) {
            BigInteger number = text.startsWith("0x")
                    ? new BigInteger(text.substring(2), 16)
                    : text.startsWith("0o") ? new BigInteger(text.substring(2), 8) : new BigInteger(text);
            if (number.bitLength() < Integer.SIZE) {
                return number.intValue();
            }
            return number;
        }

        private void check(NodeEvent event, int depth) {
            boolean tagged = event instanceof ScalarEvent scalar
                    ? scalar.getTag().isPresent()
                    : event instanceof CollectionStartEvent collection
                            && collection.getTag().isPresent();
            if (event instanceof AliasEvent || event.getAnchor().isPresent() || tagged) {
                throw new LineProblem(
                        lineOf(event),
                        "YAML tags, anchors and aliases are not allowed; write the value itself, or put quotes around"
                                + " the text");
            }
            if (depth > MAX_DEPTH) {
                throw new LineProblem(
                        lineOf(event), "the values are nested deeper than " + MAX_DEPTH + " levels; make them flatter");
            }
        }

        private int lineOf(Event event) {
            return firstLine + event.getStartMark().map(Mark::getLine).orElse(0);
        }
    }
}
