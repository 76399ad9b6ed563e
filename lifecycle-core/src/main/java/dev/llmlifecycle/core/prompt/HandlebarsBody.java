package dev.llmlifecycle.core.prompt;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.llmlifecycle.api.prompt.PromptPart;
import dev.llmlifecycle.core.internal.LineProblem;
import org.jspecify.annotations.Nullable;

/**
 * Translates the body of a Dotprompt file, which is Handlebars with helpers of its own, to the messages of a template.
 * What would mean something else in Mustache is refused. Not thread-safe.
 */
final class HandlebarsBody {

    private static final Pattern ROLE = Pattern.compile("role\\s+(?:\"([a-z]+)\"|'([a-z]+)')");
    private static final Pattern PATH = Pattern.compile(
            "(?<up>(?:\\.\\./)*)(?<root>@root\\.)?(?<path>[A-Za-z_][A-Za-z0-9_]*(?:\\.[A-Za-z_][A-Za-z0-9_]*)*)");
    private static final Pattern BLANK_TO_BREAK = Pattern.compile("[ \\t]*\\n");
    private static final int MOST_PARTIALS = 1_000;
    private static final int MOST_BLOCKS = 50;

    private final Map<String, String> partials;
    private final DotpromptVariables variables;
    private final List<PromptPart> parts = new ArrayList<>();
    private final Deque<String> inPartials = new ArrayDeque<>();
    private final Deque<Block> blocks = new ArrayDeque<>();
    private StringBuilder text = new StringBuilder();
    private PromptPart.Role role = PromptPart.Role.USER;
    private int partialCount;

    /**
     * What is open: the word that closes it, its name as it was written and in Mustache, and where names are looked up.
     */
    private record Block(
            String word,
            String written,
            String name,
            boolean inverted,
            boolean otherwise,
            boolean list,
            DotpromptVariables.@Nullable Scope scope) {}

    /** A text, or a tag without its braces. */
    private record Token(String content, boolean tag, int line) {}

    HandlebarsBody(Map<String, String> partials, DotpromptVariables variables) {
        this.partials = partials;
        this.variables = variables;
    }

    /**
     * Translates.
     *
     * @param firstLine the line of the file in which the body begins
     * @return the messages and places in order
     * @throws LineProblem when something has no equal
     */
    List<PromptPart> translate(String body, int firstLine) {
        translate(tokens(body, firstLine));
        if (!blocks.isEmpty()) {
            throw new LineProblem(
                    firstLine,
                    "the block #" + blocks.peek().word() + " has no end; close it with {{/"
                            + blocks.peek().word() + "}}");
        }
        endMessage();
        insertHistory();
        return List.copyOf(parts);
    }

    private void translate(List<Token> tokens) {
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            if (!token.tag()) {
                text.append(token.content());
                continue;
            }
            try {
                tag(token.content(), tokens, i);
            } catch (LineProblem e) {
                throw e;
            } catch (IllegalArgumentException e) {
                throw new LineProblem(token.line(), String.valueOf(e.getMessage()));
            }
        }
    }

    private void tag(String tag, List<Token> tokens, int at) {
        Matcher speaker = ROLE.matcher(tag);
        if (speaker.matches()) {
            requireTop("role");
            endMessage();
            role = roleOf(speaker.group(1) == null ? speaker.group(2) : speaker.group(1));
        } else if (tag.equals("history")) {
            requireTop("history");
            endMessage();
            parts.add(new PromptPart.Placeholder(PromptPart.Content.HISTORY));
            role = PromptPart.Role.ASSISTANT;
        } else if (tag.startsWith("!")) {
            // One that has its line to itself goes with the line.
            text.append(standaloneIndent(tokens, at) == null ? "" : "{{! }}");
        } else if (tag.startsWith("#")) {
            open(tag.substring(1).strip());
        } else if (tag.equals("else") || tag.equals("^")) {
            otherwise(tokens, at);
        } else if (tag.startsWith("/")) {
            close(tag.substring(1).strip());
        } else if (tag.startsWith(">")) {
            partial(tag.substring(1).strip(), tokens, at);
        } else {
            text.append("{{").append(value(tag)).append("}}");
        }
    }

    private void open(String block) {
        String[] words = block.split("\\s+", -1);
        if (words.length != 2) {
            throw refused("#" + words[0], "a condition or loop over one name");
        }
        String name = words[1];
        switch (words[0]) {
            case "if", "unless" -> {
                boolean inverted = words[0].equals("unless");
                push(new Block(words[0], name, condition(name, inverted), inverted, false, false, null));
            }
            case "each" -> {
                Path path = path(name);
                DotpromptVariables.Scope items = variables.items(path.scope(), path.last());
                push(new Block("each", name, path.mustache(), false, false, true, items));
            }
            case "with" -> {
                Path path = path(name);
                DotpromptVariables.Scope members = variables.members(path.scope(), path.last());
                push(new Block("with", name, path.mustache(), false, false, false, members));
            }
            default -> throw refused("#" + words[0], "#if, #unless, #each or #with");
        }
    }

    private void push(Block block) {
        if (blocks.size() == MOST_BLOCKS) {
            throw new IllegalArgumentException(
                    "blocks are nested deeper than " + MOST_BLOCKS + " levels; make the text flatter");
        }
        text.append(block.inverted() ? "{{^" : "{{#").append(block.name()).append("}}");
        blocks.push(block);
    }

    private void otherwise(List<Token> tokens, int at) {
        Block block = blocks.peek();
        if (block == null || block.otherwise() || block.word().equals("with")) {
            throw new IllegalArgumentException(
                    "an else stands outside #if, #unless and #each, or is the second one; correct it");
        }
        blocks.pop();
        if (block.word().equals("unless")) {
            condition(block.written(), false);
        }
        String indent = standaloneIndent(tokens, at);
        text.append("{{/").append(block.name()).append("}}");
        if (indent != null) {
            // On two lines each of them stands alone as the else did, so that both go.
            text.append('\n').append(indent);
        }
        text.append(block.inverted() ? "{{#" : "{{^").append(block.name()).append("}}");
        blocks.push(new Block(block.word(), block.written(), block.name(), !block.inverted(), true, false, null));
    }

    private void close(String word) {
        Block block = blocks.peek();
        if (block == null || !block.word().equals(word)) {
            throw new IllegalArgumentException(
                    "{{/" + word + "}} closes " + (block == null ? "nothing" : "#" + block.word()) + "; correct it");
        }
        blocks.pop();
        text.append("{{/").append(block.name()).append("}}");
    }

    private void partial(String name, List<Token> tokens, int at) {
        String partial = partials.get(name);
        if (partial == null) {
            throw new IllegalArgumentException(
                    "the partial '" + name + "' is not there; put it beside the file as _" + name + ".prompt");
        }
        if (++partialCount > MOST_PARTIALS) {
            throw new IllegalArgumentException("more than " + MOST_PARTIALS + " partials are put in; use fewer");
        }
        if (inPartials.contains(name)) {
            throw new IllegalArgumentException("the partials put each other in, in a circle: "
                    + String.join(" > ", inPartials) + " > " + name + "; break it");
        }
        String indent = standaloneIndent(tokens, at);
        String inserted = partial;
        if (indent != null) {
            inserted = partial.lines().reduce("", (all, line) -> all + (all.isEmpty() ? "" : "\n" + indent) + line)
                    + (partial.endsWith("\n") ? "\n" : "");
            // The line break after a partial that stands alone goes.
            Token next = at + 1 < tokens.size() ? tokens.get(at + 1) : new Token("", false, 0);
            Matcher blank = BLANK_TO_BREAK.matcher(next.content());
            if (!next.tag() && blank.lookingAt()) {
                tokens.set(at + 1, new Token(next.content().substring(blank.end()), false, next.line()));
            }
        }
        inPartials.addLast(name);
        int line = tokens.get(at).line();
        try {
            translate(tokens(inserted, 1));
        } catch (LineProblem e) {
            throw new LineProblem(line, "in the partial '" + name + "', line " + e.line() + ": " + e.problem());
        }
        inPartials.removeLast();
    }

    /** Returns what is before a tag that has its line to itself, or nothing when it shares it. */
    private static @Nullable String standaloneIndent(List<Token> tokens, int at) {
        String before = at == 0
                ? ""
                : tokens.get(at - 1).tag() ? null : tokens.get(at - 1).content();
        String after = at + 1 == tokens.size()
                ? "\n"
                : tokens.get(at + 1).tag() ? null : tokens.get(at + 1).content();
        if (before == null || after == null) {
            return null;
        }
        int lineStart = before.lastIndexOf('\n') + 1;
        String indent = before.substring(lineStart);
        boolean first = lineStart > 0 || at == 0 || at == 1;
        boolean last = BLANK_TO_BREAK.matcher(after).lookingAt() || (after.isBlank() && at + 2 >= tokens.size());
        return first && indent.isBlank() && last ? indent : null;
    }

    private String condition(String name, boolean inverted) {
        if (name.equals("@first") || name.equals("@last")) {
            requireLoop(name);
            return "-" + name.substring(1);
        }
        Path path = path(name);
        variables.condition(path.scope(), path.last(), inverted);
        return path.mustache();
    }

    private String value(String tag) {
        String name = tag.startsWith("&") ? tag.substring(1).strip() : tag;
        if (name.equals("this") || name.equals(".")) {
            Block loop = innermost().orElse(null);
            if (loop == null || !loop.list()) {
                throw refused("{{" + name + "}}", "it inside #each, or a name");
            }
            return ".";
        }
        if (name.contains(" ") || name.contains("=") || name.contains("(")) {
            throw refused("{{" + name.split("\\s+", 2)[0] + " …}}", "the text itself or a variable");
        }
        if (name.startsWith("@") && !name.startsWith("@root.")) {
            throw refused(
                    "{{" + name + "}}",
                    name.equals("@index")
                            ? "{{-index}}, which counts from 1, in a template of" + " this library"
                            : "a variable");
        }
        Path path = path(name);
        variables.text(path.scope(), path.last());
        return path.mustache();
    }

    /** A name as Mustache writes it, and where its last part is looked up. */
    private record Path(String mustache, String last, DotpromptVariables.Scope scope) {}

    private Path path(String written) {
        Matcher matcher = PATH.matcher(written.startsWith("this.") ? written.substring("this.".length()) : written);
        if (!matcher.matches() || written.equals("this")) {
            throw refused("'" + written + "' here", "a name such as order.total");
        }
        List<DotpromptVariables.Scope> scopes = new ArrayList<>();
        blocks.forEach(block -> Optional.ofNullable(block.scope()).ifPresent(scopes::add));
        scopes.add(variables.root());
        int up = matcher.group("root") == null ? matcher.group("up").length() / "../".length() : scopes.size() - 1;
        if (up >= scopes.size()) {
            throw new IllegalArgumentException("'" + written + "' leads out of the text; leave a ../ out");
        }
        String[] names = matcher.group("path").split("\\.", -1);
        for (DotpromptVariables.Scope inner : scopes.subList(0, up)) {
            if (inner.knows(names[0])) {
                throw new IllegalArgumentException("'" + written + "' is hidden by a property of the block that it"
                        + " stands in; give one of the two another name");
            }
        }
        DotpromptVariables.Scope scope = scopes.get(up);
        for (int i = 0; i < names.length - 1; i++) {
            scope = variables.members(scope, names[i]);
        }
        return new Path(matcher.group("path"), names[names.length - 1], scope);
    }

    private Optional<Block> innermost() {
        return blocks.stream().filter(block -> block.scope() != null).findFirst();
    }

    private void requireLoop(String name) {
        if (innermost().filter(Block::list).isEmpty()) {
            throw new IllegalArgumentException(name + " stands outside #each; move it inside");
        }
    }

    private void requireTop(String helper) {
        if (!blocks.isEmpty() || !inPartials.isEmpty()) {
            throw refused(
                    "{{" + helper + "}} inside a block or a partial",
                    "it between them: which messages there are is fixed");
        }
    }

    private static IllegalArgumentException refused(String what, String instead) {
        return new IllegalArgumentException(what + " has no equal in a template; write " + instead);
    }

    private static PromptPart.Role roleOf(String word) {
        return switch (word) {
            case "system" -> PromptPart.Role.SYSTEM;
            case "user" -> PromptPart.Role.USER;
            case "model", "assistant" -> PromptPart.Role.ASSISTANT;
            default -> throw refused("the role '" + word + "'", "system, user or model");
        };
    }

    private void endMessage() {
        if (!text.toString().isBlank()) {
            parts.add(new PromptPart.Message(role, text.toString()));
        }
        text = new StringBuilder();
    }

    /** Dotprompt puts the conversation before the last message of the user, or at the end, when no place is named. */
    private void insertHistory() {
        PromptPart history = new PromptPart.Placeholder(PromptPart.Content.HISTORY);
        if (parts.isEmpty() || parts.contains(history)) {
            return;
        }
        boolean userLast =
                parts.get(parts.size() - 1) instanceof PromptPart.Message last && last.role() == PromptPart.Role.USER;
        parts.add(userLast ? parts.size() - 1 : parts.size(), history);
    }

    /** Splits into texts and tags, and does what the tilde of a tag asks for. */
    private static List<Token> tokens(String body, int firstLine) {
        List<Token> tokens = new ArrayList<>();
        int line = firstLine;
        int from = 0;
        boolean stripNext = false;
        while (true) {
            int start = body.indexOf("{{", from);
            String before = body.substring(from, start < 0 ? body.length() : start);
            if (start < 0) {
                tokens.add(new Token(stripNext ? before.stripLeading() : before, false, line));
                return tokens;
            }
            int tagLine = line + (int) before.chars().filter(c -> c == '\n').count();
            if (before.endsWith("\\")) {
                throw new LineProblem(tagLine, "a backslash before braces has no equal in a template; leave it out");
            }
            boolean triple = body.startsWith("{{{", start);
            boolean comment = body.startsWith("{{!--", start) || body.startsWith("{{~!--", start);
            String end = comment ? "--" : triple ? "}}}" : "}}";
            int stop = body.indexOf(end, start + (comment ? 6 : 2));
            stop = comment && stop >= 0 ? body.indexOf("}}", stop) : stop;
            if (stop < 0) {
                throw new LineProblem(tagLine, "a tag has no end; close it with }}");
            }
            String tag = body.substring(start + (triple ? 3 : 2), stop);
            from = stop + (triple ? 3 : 2);
            line = tagLine + (int) tag.chars().filter(c -> c == '\n').count();
            String content = stripNext ? before.stripLeading() : before;
            boolean stripBefore = tag.startsWith("~");
            boolean stripAfter = tag.endsWith("~") && tag.length() > 1;
            String inside = tag.substring(stripBefore ? 1 : 0, tag.length() - (stripAfter ? 1 : 0));
            if ((stripBefore || stripAfter) && standsAlone(inside.strip(), before, body.substring(from))) {
                // It loses its line as it would without a tilde, and what the tilde takes besides.
                Matcher rest = BLANK_TO_BREAK.matcher(body).region(from, body.length());
                from = rest.lookingAt() ? rest.end() : from;
                content = content.substring(0, content.lastIndexOf('\n') + 1);
                line += stripAfter ? 0 : 1;
            }
            stripNext = stripAfter;
            tokens.add(new Token(stripBefore ? content.stripTrailing() : content, false, tagLine));
            tokens.add(new Token(comment ? "!" : inside.strip(), true, tagLine));
        }
    }

    /** Tells whether a tag that shows nothing itself has its line to itself. */
    private static boolean standsAlone(String tag, String before, String after) {
        boolean silent = tag.equals("else") || (!tag.isEmpty() && "#/^!".indexOf(tag.charAt(0)) >= 0);
        return silent
                && before.contains("\n")
                && before.substring(before.lastIndexOf('\n')).isBlank()
                && BLANK_TO_BREAK.matcher(after).lookingAt();
    }
}
