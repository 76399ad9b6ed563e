package dev.llmlifecycle.eval.replay;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.JsonNode;

/** Says what a request has that the nearest recorded one has not. */
final class RequestDiff {

    private static final int CONTEXT = 30;
    private static final int LONGEST = 160;

    private final StringBuilder text = new StringBuilder();

    private RequestDiff() {}

    /** Returns the recorded call whose request has most words in common with a request, the first of several. */
    static Optional<RecordedCall> nearest(List<RecordedCall> calls, JsonNode request) {
        Map<String, Integer> words = words(request);
        return calls.stream().max(Comparator.comparingDouble(call -> similarity(words(call.request()), words)));
    }

    static String between(JsonNode recorded, JsonNode now) {
        RequestDiff diff = new RequestDiff();
        if (!recorded.path("text").equals(now.path("text"))) {
            diff.message("text", recorded, now);
        }
        diff.messages(recorded.path("messages"), now.path("messages"));
        diff.parameters(recorded.path("parameters"), now.path("parameters"));
        return diff.text.toString();
    }

    private void messages(JsonNode recorded, JsonNode now) {
        for (int i = 0; i < Math.max(recorded.size(), now.size()); i++) {
            JsonNode before = recorded.path(i);
            JsonNode after = now.path(i);
            if (!before.equals(after)) {
                String name = "message " + (i + 1) + " ("
                        + (after.isMissingNode() ? before : after).path("role").asText() + ")";
                message(name, before, after);
            }
        }
    }

    private void message(String name, JsonNode before, JsonNode after) {
        if (before.isMissingNode() || after.isMissingNode()) {
            changed(name, shown(before), shown(after));
            return;
        }
        if (!before.path("role").equals(after.path("role"))) {
            changed(
                    name + ", role",
                    before.path("role").asText(),
                    after.path("role").asText());
        }
        String[] wanted = content(before).split("\n", -1);
        String[] given = content(after).split("\n", -1);
        for (int i = 0; i < Math.max(wanted.length, given.length); i++) {
            String line = i < wanted.length ? wanted[i] : null;
            String other = i < given.length ? given[i] : null;
            if (line == null || other == null || !line.equals(other)) {
                String place = wanted.length > 1 || given.length > 1 ? name + ", line " + (i + 1) : name;
                changedText(place, line == null ? "" : line, other == null ? "" : other);
                if (wanted.length != given.length) {
                    text.append("    (")
                            .append(wanted.length)
                            .append(" lines recorded, ")
                            .append(given.length)
                            .append(" now)\n");
                }
                return;
            }
        }
    }

    private void parameters(JsonNode recorded, JsonNode now) {
        TreeSet<String> names = new TreeSet<>();
        recorded.fieldNames().forEachRemaining(names::add);
        now.fieldNames().forEachRemaining(names::add);
        for (String name : names) {
            if (!ChatJson.canonical(recorded.path(name)).equals(ChatJson.canonical(now.path(name)))) {
                changed("parameter " + name, shown(recorded.path(name)), shown(now.path(name)));
            }
        }
    }

    private static String shown(JsonNode node) {
        if (node.isMissingNode()) {
            return "(none)";
        }
        return node.has("role") ? content(node).replace("\n", "\\n") : node.toString();
    }

    private static String content(JsonNode message) {
        return message.has("text")
                ? ChatJson.text(message.path("text"))
                : message.path("message").toString();
    }

    /** Shows both lines from shortly before the first character that differs. */
    private void changedText(String name, String before, String after) {
        int same = 0;
        while (same < Math.min(before.length(), after.length()) && before.charAt(same) == after.charAt(same)) {
            same++;
        }
        int from = same > CONTEXT + 1 ? same - CONTEXT : 0;
        changed(name, tail(before, from), tail(after, from));
    }

    private static String tail(String line, int from) {
        return from == 0 ? line : "…" + line.substring(from);
    }

    private void changed(String name, String before, String after) {
        text.append("  ").append(name).append(":\n");
        text.append("    recorded  ").append(cut(before)).append('\n');
        text.append("    now       ").append(cut(after)).append('\n');
    }

    private static String cut(String line) {
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }

    private static Map<String, Integer> words(JsonNode request) {
        Map<String, Integer> words = new HashMap<>();
        for (String word : request.toString().split("[^\\p{L}\\p{N}.]+", -1)) {
            words.merge(word, 1, Integer::sum);
        }
        return words;
    }

    private static double similarity(Map<String, Integer> first, Map<String, Integer> second) {
        int common = 0;
        int all = 0;
        for (Map.Entry<String, Integer> word : first.entrySet()) {
            common += Math.min(word.getValue(), second.getOrDefault(word.getKey(), 0));
            all += word.getValue();
        }
        for (int count : second.values()) {
            all += count;
        }
        return 2.0 * common / all;
    }
}
