package dev.llmlifecycle.core.validation.safety;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What in a sentence speaks to a model, as words that a classifier of words can weigh beside the sentence itself. */
final class InstructionSigns {

    private static final Pattern BETWEEN = Pattern.compile("[^\\p{L}\\p{N}']+");
    private static final Set<String> VERBS = Set.of(
            "add",
            "answer",
            "append",
            "augment",
            "act",
            "analyze",
            "break",
            "calculate",
            "change",
            "combine",
            "compare",
            "compose",
            "convert",
            "create",
            "define",
            "describe",
            "develop",
            "discuss",
            "draft",
            "embed",
            "emphasize",
            "encode",
            "enhance",
            "explain",
            "express",
            "forget",
            "forward",
            "generate",
            "give",
            "group",
            "highlight",
            "ignore",
            "imagine",
            "include",
            "incorporate",
            "insert",
            "integrate",
            "introduce",
            "list",
            "mention",
            "misspell",
            "modify",
            "outline",
            "output",
            "pretend",
            "print",
            "produce",
            "provide",
            "rearrange",
            "recommend",
            "remove",
            "render",
            "repeat",
            "replace",
            "reply",
            "respond",
            "reveal",
            "reverse",
            "rewrite",
            "scramble",
            "send",
            "share",
            "show",
            "solve",
            "spell",
            "substitute",
            "suggest",
            "summarize",
            "tell",
            "translate",
            "use",
            "write",
            "disregard",
            "tease",
            "jumble",
            "encrypt",
            "shuffle",
            "execute",
            "run",
            "call",
            "name");
    private static final Set<String> PRODUCTS =
            Set.of("answer", "response", "reply", "output", "message", "summary", "completion", "responses", "replies");
    private static final Set<String> QUESTIONS =
            Set.of("what", "what's", "who", "why", "how", "which", "when", "where", "can", "could");
    private static final Set<String> MODELS =
            Set.of("assistant", "ai", "model", "chatbot", "llm", "gpt", "chatgpt", "bot", "system", "agent");
    private static final Set<String> DROPS = Set.of("ignore", "disregard", "forget", "override", "bypass", "instead");
    private static final Set<String> RULES = Set.of(
            "instructions", "instruction", "rules", "prompt", "guidelines", "directions", "commands", "restrictions");

    private InstructionSigns() {}

    /** Returns the sentence with its signs before it. */
    static String mark(String sentence) {
        String[] words = BETWEEN.split(sentence.toLowerCase(Locale.ROOT).strip(), -1);
        List<String> signs = new ArrayList<>();
        int first = words.length > 0 && words[0].isEmpty() ? 1 : 0;
        int verb = first < words.length && (words[first].equals("please") || words[first].equals("kindly"))
                ? first + 1
                : first;
        sign(signs, "qqimperative", verb < words.length && VERBS.contains(words[verb]));
        boolean asks = sentence.endsWith("?");
        sign(signs, "qqquestion", asks);
        sign(signs, "qqasks", asks && first < words.length && QUESTIONS.contains(words[first]));
        boolean your = false;
        boolean model = false;
        boolean drops = false;
        boolean rules = false;
        boolean numbers = false;
        for (int i = first; i < words.length; i++) {
            your |= words[i].equals("your") && nearProduct(words, i);
            model |= MODELS.contains(words[i]);
            drops |= DROPS.contains(words[i]);
            rules |= RULES.contains(words[i]);
            numbers |= !words[i].isEmpty() && Character.isDigit(words[i].charAt(0));
        }
        sign(signs, "qqyouranswer", your);
        sign(signs, "qqmodel", model);
        sign(signs, "qqdrops", drops && rules);
        sign(signs, "qqlink", sentence.contains("://") || sentence.contains("www.") || sentence.contains(".com"));
        sign(signs, "qqnumbers", numbers);
        signs.add(sentence);
        return String.join(" ", signs);
    }

    private static boolean nearProduct(String[] words, int your) {
        for (int i = your + 1; i < Math.min(words.length, your + 4); i++) {
            if (PRODUCTS.contains(words[i])) {
                return true;
            }
        }
        return false;
    }

    private static void sign(List<String> signs, String name, boolean there) {
        if (there) {
            signs.add(name);
        }
    }
}
