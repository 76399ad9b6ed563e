package dev.llmlifecycle.core.prompt;

import java.io.StringReader;
import java.io.Writer;
import java.util.AbstractMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.MustacheException;
import com.samskivert.mustache.Template;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.PromptPart;
import dev.llmlifecycle.api.prompt.PromptVariable;
import org.jspecify.annotations.Nullable;

/** The checked, compiled form of a chat prompt template. Immutable. */
final class CompiledPrompt {

    private static final Set<String> FILLED_IN = Set.of(ChatPromptTemplate.QUESTION, ChatPromptTemplate.PASSAGES);
    private static final Set<String> LOOP_NAMES = Set.of("-first", "-last", "-index");
    private static final String ITEM = ".";

    private static final Pattern LINE = Pattern.compile("\\s*@ line (\\d+)");

    private final ChatPromptTemplate template;
    private final Mustache.Compiler compiler;
    private final Map<String, PromptVariable> variables = new LinkedHashMap<>();
    private final Map<Integer, Template> messages = new HashMap<>();
    private final Map<String, String> firstPlaces = new HashMap<>();

    private CompiledPrompt(ChatPromptTemplate template) {
        this.template = template;
        this.compiler = Mustache.compiler()
                .escapeHTML(false)
                .emptyStringIsFalse(true)
                .withCollector(new ValuesOnly())
                .withLoader(name -> new StringReader(template.partials().getOrDefault(name, "")));
        template.variables().forEach(variable -> variables.put(variable.name(), variable));
        variables.put(ChatPromptTemplate.QUESTION, PromptVariable.text(ChatPromptTemplate.QUESTION));
        variables.put(
                ChatPromptTemplate.PASSAGES,
                PromptVariable.text(ChatPromptTemplate.PASSAGES).trusted());
    }

    static CompiledPrompt compile(ChatPromptTemplate template) {
        CompiledPrompt prompt = new CompiledPrompt(template);
        for (String partial : template.partials().keySet()) {
            prompt.parse("prompt '" + template.name() + "', partial '" + partial + "'", prompt.partial(partial));
        }
        for (int i = 0; i < template.parts().size(); i++) {
            if (template.parts().get(i) instanceof PromptPart.Message message) {
                String place = prompt.placeOf(i);
                Template compiled = prompt.parse(place, message.template());
                Check check = prompt.new Check();
                check.text(place, message.template());
                prompt.messages.put(i, compiled);
            }
        }
        template.outputSchema().ifPresent(schema -> SchemaComparison.parse(template.name(), schema));
        return prompt;
    }

    static boolean isFilledIn(String name) {
        return FILLED_IN.contains(name);
    }

    ChatPromptTemplate template() {
        return template;
    }

    /** The declared variables and those that the application fills in, by name. */
    Map<String, PromptVariable> variables() {
        return variables;
    }

    boolean uses(String name) {
        return firstPlaces.containsKey(name);
    }

    /** Names the prompt, and the message and line where a variable is used first. */
    String placeOf(String name) {
        return firstPlaces.getOrDefault(name, "prompt '" + template.name() + "'");
    }

    String suggestion(String name) {
        return suggestion(name, variables.keySet());
    }

    /** Renders the message at an index of the template's parts. */
    String text(int part, Map<String, Object> values) {
        Template message = messages.get(part);
        if (message == null) {
            throw new IllegalArgumentException("part " + part + " of prompt '" + template.name() + "' is no message");
        }
        TextWriter writer = new TextWriter();
        message.execute(values, writer);
        String text = writer.toString();
        if (text.isBlank()) {
            throw new IllegalArgumentException(placeOf(part)
                    + ", line 1: the message comes out blank for these values; put text around its placeholders");
        }
        return text;
    }

    private String partial(String name) {
        return template.partials().getOrDefault(name, "");
    }

    private String placeOf(int part) {
        return "prompt '" + template.name() + "', message " + (part + 1);
    }

    /** Compiles a text, and refuses it when jmustache and {@link Tags} see different tags. */
    private Template parse(String place, String text) {
        List<String> seen = new ArrayList<>();
        Template compiled;
        try {
            compiled = compiler.compile(text);
            compiled.visit(new SeenNames(seen));
        } catch (MustacheException e) {
            throw new IllegalArgumentException(
                    place + ", line " + lineIn(e) + ": the text is not valid Mustache (" + withoutLine(e)
                            + "); correct its tags",
                    e);
        }
        List<String> expected = Tags.in(text).stream()
                .filter(tag -> tag.kind() != Tags.Kind.END)
                .map(Tags.Tag::name)
                .collect(Collectors.toList());
        if (!seen.equals(expected)) {
            throw new IllegalArgumentException(place
                    + ", line 1: the tags of the text cannot be told apart; write them without delimiters inside");
        }
        return compiled;
    }

    private static String suggestion(String name, Set<String> candidates) {
        return NearestName.of(name, candidates)
                .map(nearest -> " (did you mean '" + nearest + "'?)")
                .orElse("");
    }

    private static int lineIn(MustacheException e) {
        Matcher line = LINE.matcher(String.valueOf(e.getMessage()));
        return line.find() ? Integer.parseInt(line.group(1)) : 1;
    }

    private static String withoutLine(MustacheException e) {
        return LINE.matcher(String.valueOf(e.getMessage())).replaceAll("").strip();
    }

    /** What names mean inside a section. */
    private record Scope(Map<String, PromptVariable> names, Optional<PromptVariable> item, boolean loop) {

        static Scope of(PromptVariable section) {
            Map<String, PromptVariable> names =
                    section.properties().stream().collect(Collectors.toMap(PromptVariable::name, Function.identity()));
            boolean text = section.properties().isEmpty() && section.type() != PromptVariable.Type.BOOLEAN;
            return new Scope(
                    names, text ? Optional.of(section) : Optional.empty(), section.type() == PromptVariable.Type.LIST);
        }
    }

    /** Refuses names that are not declared where they stand, and what prompts do not have. */
    private final class Check {

        private final Deque<Scope> scopes = new ArrayDeque<>();
        private final Deque<String> partials = new ArrayDeque<>();

        Check() {
            scopes.push(new Scope(variables, Optional.empty(), false));
        }

        void text(String place, String text) {
            for (Tags.Tag tag : Tags.in(text)) {
                String where = place + ", line " + tag.line();
                switch (tag.kind()) {
                    case VARIABLE -> variable(where, tag.name());
                    case SECTION -> scopes.push(Scope.of(section(where, tag.name())));
                    case INVERTED -> {
                        inverted(where, tag.name());
                        scopes.push(new Scope(Map.of(), Optional.empty(), false));
                    }
                    case END -> scopes.pop();
                    case PARTIAL -> partial(where, tag.name());
                    case PARENT -> throw refused(where, tag.name(), "the parent");
                    case BLOCK -> throw refused(where, tag.name(), "the block");
                }
            }
        }

        private void variable(String where, String name) {
            if (name.equals(ITEM)) {
                if (innermost().item().isEmpty()) {
                    throw new IllegalArgumentException(where + ": the placeholder '.' stands outside the section of a"
                            + " list of texts or of a text; name a variable");
                }
                return;
            }
            if (LOOP_NAMES.contains(name)) {
                if (!name.equals("-index")) {
                    throw new IllegalArgumentException(
                            where + ": the placeholder '" + name + "' is no text; use it as a section");
                }
                requireLoop(where, name);
                return;
            }
            PromptVariable variable = resolve(where, name);
            if (variable.type() == PromptVariable.Type.LIST || variable.type() == PromptVariable.Type.OBJECT) {
                throw new IllegalArgumentException(where + ": the placeholder '" + name + "' is a " + variable.type()
                        + ", which has no text of its own; use it as a section or name a property");
            }
        }

        private PromptVariable section(String where, String name) {
            if (LOOP_NAMES.contains(name)) {
                if (name.equals("-index")) {
                    throw new IllegalArgumentException(
                            where + ": the section '-index' is over a number; use '-first' or '-last'");
                }
                requireLoop(where, name);
                return PromptVariable.bool("loop");
            }
            PromptVariable variable = resolve(where, name);
            if (variable.type() == PromptVariable.Type.NUMBER) {
                throw new IllegalArgumentException(where + ": the section '" + name
                        + "' is over a NUMBER, which is neither true nor false; declare it as BOOLEAN or TEXT");
            }
            return variable;
        }

        private void inverted(String where, String name) {
            if (section(where, name).type() == PromptVariable.Type.OBJECT) {
                throw new IllegalArgumentException(where + ": the section '" + name
                        + "' is shown without an OBJECT, which is always there; leave it out");
            }
        }

        private void partial(String where, String name) {
            if (!template.partials().containsKey(name)) {
                throw new IllegalArgumentException(where + ": the partial '" + name + "' is not there"
                        + suggestion(name, template.partials().keySet())
                        + "; add it with partial(...) or correct the name");
            }
            if (partials.contains(name)) {
                List<String> path = new ArrayList<>(partials);
                path.add(name);
                throw new IllegalArgumentException(where + ": the partials put each other in, in a circle: "
                        + String.join(" > ", path) + "; break it");
            }
            partials.addLast(name);
            text("prompt '" + template.name() + "', partial '" + name + "'", CompiledPrompt.this.partial(name));
            partials.removeLast();
        }

        private void requireLoop(String where, String name) {
            if (scopes.stream().noneMatch(Scope::loop)) {
                throw new IllegalArgumentException(where + ": the placeholder '" + name
                        + "' stands outside the section of a LIST; move it inside");
            }
        }

        private Scope innermost() {
            return scopes.stream()
                    .filter(scope -> scope.item().isPresent() || !scope.names().isEmpty())
                    .findFirst()
                    .orElseThrow();
        }

        private PromptVariable resolve(String where, String name) {
            String[] names = name.split("\\.", -1);
            PromptVariable found = outermostOf(where, name, names[0]);
            for (int i = 1; i < names.length; i++) {
                found = property(where, name, found, names[i]);
            }
            return found;
        }

        private PromptVariable outermostOf(String where, String name, String first) {
            for (Scope scope : scopes) {
                PromptVariable variable = scope.names().get(first);
                if (variable != null && !first.equals("this")) {
                    if (variable.equals(variables.get(first))) {
                        firstPlaces.putIfAbsent(first, where);
                    }
                    return variable;
                }
            }
            Set<String> known = scopes.stream()
                    .flatMap(scope -> scope.names().keySet().stream())
                    .collect(Collectors.toSet());
            throw new IllegalArgumentException(where + ": the placeholder '" + name + "' is not declared"
                    + suggestion(first, known) + "; declare it with variable(...) or correct the name");
        }

        private PromptVariable property(String where, String name, PromptVariable object, String property) {
            if (object.type() != PromptVariable.Type.OBJECT) {
                throw new IllegalArgumentException(where + ": the placeholder '" + name + "' asks for a property of '"
                        + object.name() + "', which is a " + object.type() + "; only an OBJECT has properties");
            }
            return object.properties().stream()
                    .filter(candidate -> candidate.name().equals(property))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(where + ": the placeholder '" + name
                            + "' asks for a property that '" + object.name() + "' does not declare"
                            + suggestion(
                                    property,
                                    object.properties().stream()
                                            .map(PromptVariable::name)
                                            .collect(Collectors.toSet()))
                            + "; declare it or correct the name"));
        }

        private static IllegalArgumentException refused(String where, String name, String what) {
            return new IllegalArgumentException(
                    where + ": " + what + " '" + name + "' is not supported; put its text into the prompt");
        }
    }

    /** Collects the names that jmustache sees. */
    private record SeenNames(List<String> names) implements Mustache.Visitor {

        @Override
        public void visitText(String literal) {
            // Text has no name.
        }

        @Override
        public void visitVariable(String name) {
            names.add(name);
        }

        @Override
        public boolean visitInclude(String name) {
            names.add(name);
            return false;
        }

        @Override
        public boolean visitParent(String name) {
            names.add(name);
            return false;
        }

        @Override
        public boolean visitBlock(String name) {
            names.add(name);
            return true;
        }

        @Override
        public boolean visitSection(String name) {
            names.add(name);
            return true;
        }

        @Override
        public boolean visitInvertedSection(String name) {
            names.add(name);
            return true;
        }
    }

    /** Looks names up in maps of values and repeats lists of them, and nothing else: no fields, methods or lambdas. */
    private static final class ValuesOnly implements Mustache.Collector {

        @Override
        public @Nullable Iterator<?> toIterator(Object value) {
            return value instanceof List<?> items ? items.iterator() : null;
        }

        @Override
        public Mustache.VariableFetcher createFetcher(Object context, String name) {
            return ValuesOnly::fetch;
        }

        private static Object fetch(Object context, String name) {
            Object value = context instanceof Map<?, ?> values ? values.get(name) : null;
            return value == null ? Template.NO_FETCHER_FOUND : value;
        }

        /** Every class and name has the same fetcher, so there is nothing to keep. */
        @Override
        public <K, V> Map<K, V> createFetcherCache() {
            return new OneFetcher<>();
        }
    }

    /** Says of each key that its fetcher is {@link ValuesOnly#fetch}. */
    private static final class OneFetcher<K, V> extends AbstractMap<K, V> {

        private static final Mustache.VariableFetcher FETCHER = ValuesOnly::fetch;

        @Override
        @SuppressWarnings("unchecked") // jmustache's values are fetchers
        public V get(@Nullable Object key) {
            return (V) FETCHER;
        }

        @Override
        public V put(K key, V value) {
            throw new UnsupportedOperationException("there is one fetcher");
        }

        @Override
        public Set<Map.Entry<K, V>> entrySet() {
            return Set.of();
        }
    }

    /** Collects text without the lock of a {@link java.io.StringWriter}. */
    private static final class TextWriter extends Writer {

        private final StringBuilder text = new StringBuilder(1024);

        @Override
        public void write(int character) {
            text.append((char) character);
        }

        @Override
        public void write(char[] characters, int offset, int length) {
            text.append(characters, offset, length);
        }

        @Override
        public void write(String string, int offset, int length) {
            text.append(string, offset, offset + length);
        }

        @Override
        public void flush() {
            // Nothing is held back.
        }

        @Override
        public void close() {
            // Nothing is open.
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
