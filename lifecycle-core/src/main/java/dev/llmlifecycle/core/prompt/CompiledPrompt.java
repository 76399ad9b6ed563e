package dev.llmlifecycle.core.prompt;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

    private static final Pattern LINE = Pattern.compile("\\s*@ line (\\d+)");

    private static final Mustache.Compiler COMPILER = Mustache.compiler()
            .escapeHTML(false)
            .emptyStringIsFalse(true)
            .withCollector(new ValuesOnly())
            .withLoader(name -> {
                throw new IllegalArgumentException("prompts have no partials");
            });

    private final ChatPromptTemplate template;
    private final List<PromptVariable> variables;
    private final Map<Integer, Template> messages = new HashMap<>();
    private final Map<String, String> firstPlaces = new HashMap<>();

    private CompiledPrompt(ChatPromptTemplate template) {
        this.template = template;
        List<PromptVariable> all = new ArrayList<>(template.variables());
        all.add(PromptVariable.text(ChatPromptTemplate.QUESTION));
        all.add(PromptVariable.text(ChatPromptTemplate.PASSAGES));
        this.variables = List.copyOf(all);
    }

    static CompiledPrompt compile(ChatPromptTemplate template) {
        CompiledPrompt prompt = new CompiledPrompt(template);
        for (int i = 0; i < template.parts().size(); i++) {
            if (template.parts().get(i) instanceof PromptPart.Message message) {
                prompt.compile(i, message.template());
            }
        }
        return prompt;
    }

    static boolean isFilledIn(String name) {
        return FILLED_IN.contains(name);
    }

    ChatPromptTemplate template() {
        return template;
    }

    /** The declared variables and those that the application fills in. */
    List<PromptVariable> variables() {
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
        return NearestName.of(name, variables.stream().map(PromptVariable::name).toList())
                .map(nearest -> " (did you mean '" + nearest + "'?)")
                .orElse("");
    }

    /** Renders the message at an index of the template's parts. */
    String text(int part, Map<String, Object> values) {
        Template message = messages.get(part);
        if (message == null) {
            throw new IllegalArgumentException("part " + part + " of prompt '" + template.name() + "' is no message");
        }
        String text = message.execute(values);
        if (text.isBlank()) {
            throw new IllegalArgumentException(placeOf(part, 1)
                    + ": the message comes out blank for these values; put text around its placeholders");
        }
        return text;
    }

    private void compile(int part, String text) {
        Template message;
        try {
            message = COMPILER.compile(text);
        } catch (MustacheException e) {
            throw new IllegalArgumentException(
                    placeOf(part, lineIn(e)) + ": the text is not valid Mustache (" + withoutLine(e)
                            + "); correct its tags",
                    e);
        }
        message.visit(new NameCheck(part, text));
        messages.put(part, message);
    }

    private String placeOf(int part, int line) {
        return "prompt '" + template.name() + "', message " + (part + 1) + ", line " + line;
    }

    private static int lineIn(MustacheException e) {
        Matcher line = LINE.matcher(String.valueOf(e.getMessage()));
        return line.find() ? Integer.parseInt(line.group(1)) : 1;
    }

    private static String withoutLine(MustacheException e) {
        return LINE.matcher(String.valueOf(e.getMessage())).replaceAll("").strip();
    }

    /** Refuses names that are not declared, and the features of Mustache that reach beyond the values. */
    private final class NameCheck implements Mustache.Visitor {

        private final int part;
        private final String text;

        NameCheck(int part, String text) {
            this.part = part;
            this.text = text;
        }

        @Override
        public void visitText(String literal) {
            // Nothing to check.
        }

        @Override
        public void visitVariable(String name) {
            declared(name);
        }

        @Override
        public boolean visitInclude(String name) {
            throw refused(name, "the partial");
        }

        @Override
        public boolean visitParent(String name) {
            throw refused(name, "the parent");
        }

        @Override
        public boolean visitBlock(String name) {
            throw refused(name, "the block");
        }

        @Override
        public boolean visitSection(String name) {
            return section(name);
        }

        @Override
        public boolean visitInvertedSection(String name) {
            return section(name);
        }

        private boolean section(String name) {
            if (declared(name).type() == PromptVariable.Type.NUMBER) {
                throw new IllegalArgumentException(placeOf(part, lineOf(name)) + ": the section '" + name
                        + "' is over a NUMBER, which is neither true nor false; declare it as BOOLEAN or TEXT");
            }
            return true;
        }

        private PromptVariable declared(String name) {
            for (PromptVariable variable : variables) {
                if (variable.name().equals(name) && !name.equals("this")) {
                    firstPlaces.putIfAbsent(name, placeOf(part, lineOf(name)));
                    return variable;
                }
            }
            throw new IllegalArgumentException(placeOf(part, lineOf(name)) + ": the placeholder '" + name
                    + "' is not declared" + suggestion(name) + "; declare it with variable(...) or correct the name");
        }

        private IllegalArgumentException refused(String name, String what) {
            return new IllegalArgumentException(placeOf(part, lineOf(name)) + ": " + what + " '" + name
                    + "' is not supported; put its text into the prompt");
        }

        /** The line of the first tag with a name; jmustache keeps line numbers to itself. */
        private int lineOf(String name) {
            String quoted = Pattern.quote(name);
            Matcher tag = Pattern.compile("\\{\\{[{#^&/<>$]?\\s*" + quoted + "\\s*\\}?\\}\\}")
                    .matcher(text);
            int index = tag.find() ? tag.start() : Math.max(0, text.indexOf(name));
            return 1
                    + (int) text.substring(0, index)
                            .chars()
                            .filter(c -> c == '\n')
                            .count();
        }
    }

    /** Looks names up in the map of values and nowhere else: no fields, methods, lambdas or iteration. */
    private static final class ValuesOnly implements Mustache.Collector {

        @Override
        public @Nullable Iterator<?> toIterator(Object value) {
            return null;
        }

        @Override
        public Mustache.@Nullable VariableFetcher createFetcher(Object context, String name) {
            return context instanceof Map<?, ?> values && values.containsKey(name)
                    ? (map, key) -> ((Map<?, ?>) map).get(key)
                    : null;
        }

        @Override
        public <K, V> Map<K, V> createFetcherCache() {
            return new ConcurrentHashMap<>();
        }
    }
}
