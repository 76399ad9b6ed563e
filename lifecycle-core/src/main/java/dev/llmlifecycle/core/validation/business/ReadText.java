package dev.llmlifecycle.core.validation.business;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.text.Sentences;
import dev.llmlifecycle.api.text.TextSpan;
import org.jspecify.annotations.Nullable;

/** A text that several rules look at, cut once. Not thread-safe. */
final class ReadText {

    private final String text;
    private @Nullable List<Token> tokens;
    private @Nullable List<Sentence> sentences;

    ReadText(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }

    List<Token> tokens() {
        List<Token> known = tokens;
        if (known == null) {
            known = Token.of(text);
            tokens = known;
        }
        return known;
    }

    /** Returns the sentences, each with its tokens. */
    List<Sentence> sentences() {
        List<Sentence> known = sentences;
        if (known == null) {
            known = new ArrayList<>();
            List<Token> all = tokens();
            int from = 0;
            for (TextSpan span : Sentences.split(text)) {
                while (from < all.size() && all.get(from).start() < span.start()) {
                    from++;
                }
                int to = from;
                while (to < all.size() && all.get(to).start() < span.end()) {
                    to++;
                }
                known.add(new Sentence(span, all.subList(from, to)));
                from = to;
            }
            sentences = known;
        }
        return known;
    }

    /** Returns what a passage has under a key, as text. */
    static @Nullable String metadata(Passage passage, String key) {
        Object value = passage.segment().metadata().toMap().get(key);
        return value == null ? null : Objects.toString(value);
    }

    /** A sentence with its tokens. */
    record Sentence(TextSpan span, List<Token> tokens) {}
}
