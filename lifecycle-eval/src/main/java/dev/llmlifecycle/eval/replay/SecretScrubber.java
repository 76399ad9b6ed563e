package dev.llmlifecycle.eval.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Replaces what looks like a secret. */
final class SecretScrubber {

    static final String REPLACEMENT = "[scrubbed]";

    /** Tokens of a well-known shape; anything else a host adds itself. */
    static final List<Pattern> DEFAULTS = List.of(
            Pattern.compile("(?i)\\bBearer\\s{1,4}[A-Za-z0-9._~+/=-]{8,}"),
            Pattern.compile("\\bsk-[A-Za-z0-9_-]{16,}"),
            Pattern.compile("\\b(?:gh[pousr]|hf|github_pat)_[A-Za-z0-9_]{20,}"),
            Pattern.compile("\\b(?:glpat|xox[abprs])-[A-Za-z0-9-]{16,}"),
            Pattern.compile("\\bAKIA[A-Z0-9]{16}\\b"),
            Pattern.compile("\\bAIza[A-Za-z0-9_-]{35}"),
            Pattern.compile(
                    "-----BEGIN [A-Z ]{0,24}PRIVATE KEY-----[A-Za-z0-9+/=\\s]{0,20000}(?:-----END [A-Z ]{0,24}-----)?"),
            Pattern.compile("(?<=://)[^\\s/:@]{1,100}:[^\\s/@]{1,100}(?=@)"),
            Pattern.compile("\\beyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}"));

    private final List<Pattern> patterns;

    SecretScrubber(List<Pattern> more) {
        List<Pattern> all = new ArrayList<>(DEFAULTS);
        all.addAll(more);
        this.patterns = List.copyOf(all);
    }

    String scrub(String text) {
        String scrubbed = text;
        for (Pattern pattern : patterns) {
            scrubbed = pattern.matcher(scrubbed).replaceAll(REPLACEMENT);
        }
        return scrubbed;
    }

    /** Scrubs all texts of a tree; names of fields stay. */
    JsonNode scrub(JsonNode node) {
        if (node.isTextual()) {
            return JsonNodeFactory.instance.textNode(scrub(node.textValue()));
        }
        if (node.isObject()) {
            ObjectNode copy = JsonNodeFactory.instance.objectNode();
            node.properties().forEach(field -> copy.set(field.getKey(), scrub(field.getValue())));
            return copy;
        }
        if (node.isArray()) {
            ArrayNode copy = JsonNodeFactory.instance.arrayNode();
            node.forEach(item -> copy.add(scrub(item)));
            return copy;
        }
        return node;
    }
}
