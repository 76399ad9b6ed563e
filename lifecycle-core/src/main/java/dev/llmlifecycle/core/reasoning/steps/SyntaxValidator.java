package dev.llmlifecycle.core.reasoning.steps;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.re2j.Pattern;
import dev.llmlifecycle.api.identity.Identity;

/**
 * Checks the syntax of fenced code and of steps that are JSON: JSON by a parser, SQL by its first word, quotes and
 * brackets, other code by its brackets outside strings and comments.
 *
 * <p>JSON nested deeper than the parser allows is left undecided. Thread-safe.
 */
final class SyntaxValidator implements StepValidator {

    static final String NAME = "syntax";

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final Pattern SQL =
            Pattern.compile("(?is)^\\s*(?:--[^\\n]*\\n\\s*)*(select|with|insert\\s+into|update|delete\\s+from"
                    + "|create|alter|drop|merge|explain|values|begin|commit|rollback|truncate|grant|revoke)\\b.*");
    private static final Pattern WRITE = Pattern.compile("(?is)^\\s*(?:update\\b.*|insert\\s+into\\b.*)");
    private static final Pattern WRITES = Pattern.compile("(?is).*\\b(?:set|values|select|default)\\b.*");
    private static final String FENCE = "```";

    @Override
    public Identity identity() {
        return Identity.of(NAME, "1");
    }

    @Override
    public StepCheck check(ReasoningStep step, StepContext context) {
        List<Block> blocks = blocks(step);
        int held = 0;
        for (Block block : blocks) {
            StepCheck check = check(block);
            if (check.state() == StepState.WRONG) {
                return check;
            }
            held += check.state() == StepState.CORRECT ? 1 : 0;
        }
        return held > 0
                ? StepCheck.correct(
                        NAME, held == 1 ? "1 piece of code is well formed" : held + " pieces of code are well formed")
                : StepCheck.unchecked(NAME, "there is no code that can be parsed");
    }

    /**
     * A piece of code.
     *
     * @param language its language in lower case, empty where it is not named
     * @param code the code
     */
    private record Block(String language, String code) {}

    private static List<Block> blocks(ReasoningStep step) {
        List<Block> blocks = new ArrayList<>();
        String text = step.text();
        if (step.style() == StepStyle.JSON_ELEMENT || text.startsWith("{\"")) {
            blocks.add(new Block("json", text));
            return blocks;
        }
        int open = text.indexOf(FENCE);
        while (open >= 0) {
            int line = text.indexOf('\n', open);
            int close = line < 0 ? -1 : text.indexOf(FENCE, line);
            if (close < 0) {
                break;
            }
            String language =
                    text.substring(open + FENCE.length(), line).strip().toLowerCase(Locale.ROOT);
            blocks.add(new Block(language, text.substring(line + 1, close)));
            open = text.indexOf(FENCE, close + FENCE.length());
        }
        return blocks;
    }

    private static StepCheck check(Block block) {
        return switch (block.language()) {
            case "json" -> json(block.code());
            case "sql" -> sql(block.code());
            case "java",
                    "kotlin",
                    "scala",
                    "groovy",
                    "c",
                    "cpp",
                    "c++",
                    "csharp",
                    "cs",
                    "go",
                    "rust",
                    "swift",
                    "javascript",
                    "js",
                    "typescript",
                    "ts",
                    "python",
                    "py",
                    "php" -> brackets(block.code(), block.language().startsWith("py"), false);
            default -> StepCheck.unchecked(NAME, "code of an unknown language");
        };
    }

    private static StepCheck json(String code) {
        try {
            JSON.readTree(code);
            return StepCheck.correct(NAME, "JSON");
        } catch (StreamConstraintsException e) {
            return StepCheck.unchecked(NAME, "the JSON is larger or deeper than the parser allows");
        } catch (JsonProcessingException e) {
            String place = e.getLocation() == null
                    ? ""
                    : " (line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + ")";
            return StepCheck.wrong(NAME, "this is not JSON" + place);
        }
    }

    private static StepCheck sql(String code) {
        if (code.isBlank() || !SQL.matcher(code).matches()) {
            return StepCheck.wrong(NAME, "no SQL statement begins so");
        }
        String plain = code.strip();
        boolean misses =
                WRITE.matcher(plain).matches() && !WRITES.matcher(plain).matches();
        return misses ? StepCheck.wrong(NAME, "the SQL statement says not what to write") : brackets(code, false, true);
    }

    /** Looks for brackets that do not match, outside strings and comments. */
    private static StepCheck brackets(String code, boolean python, boolean sql) {
        Deque<Character> open = new ArrayDeque<>();
        int at = 0;
        while (at < code.length()) {
            char c = code.charAt(at);
            Optional<String> comment = comment(code, at, python, sql);
            if (comment.isPresent()) {
                int end = code.indexOf(comment.get(), at + 2);
                at = end < 0 ? code.length() : end + comment.get().length();
                continue;
            }
            if (c == '"' || c == '\'' || (c == '`' && !sql)) {
                int end = string(code, at, python, sql);
                if (end < 0) {
                    return StepCheck.wrong(NAME, "a quotation that begins in line " + line(code, at) + " does not end");
                }
                at = end;
                continue;
            }
            if ("([{".indexOf(c) >= 0) {
                open.push(c);
            } else if (")]}".indexOf(c) >= 0) {
                Character before = open.poll();
                if (before == null || "([{".indexOf(before) != ")]}".indexOf(c)) {
                    return StepCheck.wrong(NAME, "a bracket in line " + line(code, at) + " closes none");
                }
            }
            at++;
        }
        return open.isEmpty()
                ? StepCheck.correct(NAME, "brackets and quotations match")
                : StepCheck.wrong(NAME, open.size() + " brackets are not closed");
    }

    /** Returns what ends the comment that begins here. */
    private static Optional<String> comment(String code, int at, boolean python, boolean sql) {
        if (python) {
            return code.charAt(at) == '#' ? Optional.of("\n") : Optional.empty();
        }
        if (code.startsWith("/*", at)) {
            return Optional.of("*/");
        }
        return code.startsWith(sql ? "--" : "//", at) ? Optional.of("\n") : Optional.empty();
    }

    /** Returns the index after the string that begins here, or -1. */
    private static int string(String code, int at, boolean python, boolean sql) {
        char quote = code.charAt(at);
        String triple = String.valueOf(quote).repeat(3);
        if (!sql && quote != '`' && code.startsWith(triple, at)) {
            int end = code.indexOf(triple, at + 3);
            return end < 0 ? -1 : end + 3;
        }
        boolean lines = quote == '`' || sql;
        for (int i = at + 1; i < code.length(); i++) {
            char c = code.charAt(i);
            if (c == '\\' && !sql) {
                i++;
            } else if (c == quote) {
                return i + 1;
            } else if (c == '\n' && !lines) {
                // An apostrophe in another place, such as a lifetime of Rust, is no quotation.
                return quote == '\'' && !python ? at + 1 : -1;
            }
        }
        return quote == '\'' && !python && !sql ? at + 1 : -1;
    }

    private static int line(String code, int at) {
        return 1 + (int) code.substring(0, at).chars().filter(c -> c == '\n').count();
    }
}
