package dev.llmlifecycle.core.prompt;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.model.TokenCountEstimator;
import dev.llmlifecycle.api.Incubating;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.PromptPart;

/**
 * How much of a prompt is the same for every question from its first character on, which providers can keep computed
 * (prefix or prompt caching).
 *
 * <p>What a provider caches ends at the first character that differs, so that texts that never change belong before
 * those that do: instructions first, passages and the question last.
 *
 * <pre>{@code
 * PromptLayout layout = PromptLayout.of(template, estimator, Set.of("shop"));
 * assertThat(layout.hints()).isEmpty();
 * }</pre>
 *
 * <p>Immutable.
 *
 * @param stablePrefix the text before the first place that varies, with each message after its role
 * @param prefixTokens how many tokens that is about
 * @param laterTokens how many tokens of unchanging text stand behind that place
 * @param firstVarying what varies first, such as {@code 'passages' in message 1}
 * @param hints what to move, empty when there is nothing to say
 * @since 0.1
 */
@Incubating
public record PromptLayout(
        String stablePrefix, int prefixTokens, int laterTokens, Optional<String> firstVarying, List<String> hints) {

    private static final int FEW_TOKENS = 16;
    private static final int DEEPEST = 32;

    /** Copies the hints. */
    public PromptLayout {
        Objects.requireNonNull(stablePrefix, "stablePrefix");
        Objects.requireNonNull(firstVarying, "firstVarying");
        hints = List.copyOf(hints);
    }

    /**
     * Looks at a template.
     *
     * @param template the template
     * @param estimator counts tokens as the model does
     * @param constant variables whose value is the same for every question, such as the name of a shop; their values
     *     are not counted
     * @return its layout
     * @throws IllegalArgumentException when the template cannot be rendered
     */
    public static PromptLayout of(ChatPromptTemplate template, TokenCountEstimator estimator, Set<String> constant) {
        PromptRenderer.check(template);
        Walk walk = new Walk(template, Set.copyOf(constant));
        for (int i = 0; i < template.parts().size(); i++) {
            walk.part(template.parts().get(i), i + 1);
        }
        String prefix = walk.prefix.toString();
        String later = walk.later.toString().strip();
        int laterTokens = later.isEmpty() ? 0 : estimator.estimateTokenCountInText(later);
        List<String> hints = new ArrayList<>();
        if (walk.first.isPresent() && laterTokens >= FEW_TOKENS) {
            hints.add(walk.first.get() + " stands before about " + laterTokens
                    + " tokens that never change; move it behind them, so that they can be cached");
        }
        return new PromptLayout(
                prefix,
                prefix.isEmpty() ? 0 : estimator.estimateTokenCountInText(prefix),
                laterTokens,
                walk.first,
                hints);
    }

    /**
     * Counts the tokens that prompts share from their first message on, byte by byte, as they are sent.
     *
     * @param prompts rendered prompts, at least two
     * @param estimator counts tokens as the model does
     * @return about how many tokens all of them begin with
     */
    public static int sharedTokens(List<List<ChatMessage>> prompts, TokenCountEstimator estimator) {
        if (prompts.size() < 2) {
            throw new IllegalArgumentException("shared tokens need at least two prompts but got " + prompts.size()
                    + "; render the template for another question");
        }
        List<String> texts = prompts.stream().map(PromptLayout::text).toList();
        String shared = texts.get(0);
        for (String text : texts) {
            int length = Math.min(shared.length(), text.length());
            int same = 0;
            while (same < length && shared.charAt(same) == text.charAt(same)) {
                same++;
            }
            shared = shared.substring(0, same);
        }
        return shared.isEmpty() ? 0 : estimator.estimateTokenCountInText(shared);
    }

    /**
     * Returns a key for providers that route requests with the same prefix to the same machine by one, such as OpenAI's
     * {@code prompt_cache_key}.
     *
     * @return the same for the same prefix, in 12 characters or so
     */
    public String cacheKey() {
        return Hash.ofUtf8(stablePrefix).shortForm();
    }

    private static String text(List<ChatMessage> prompt) {
        StringBuilder text = new StringBuilder();
        prompt.forEach(message ->
                text.append(message.type()).append('\n').append(message).append('\n'));
        return text.toString();
    }

    /** Goes through a template from its beginning. */
    private static final class Walk {

        private final ChatPromptTemplate template;
        private final Set<String> constant;
        private final StringBuilder prefix = new StringBuilder();
        private final StringBuilder later = new StringBuilder();
        private Optional<String> first = Optional.empty();

        private Walk(ChatPromptTemplate template, Set<String> constant) {
            this.template = template;
            this.constant = constant;
        }

        private void part(PromptPart part, int number) {
            if (part instanceof PromptPart.Message message) {
                if (first.isEmpty()) {
                    prefix.append(message.role()).append('\n');
                }
                text(message.template(), number, 0);
                stable("\n");
            } else if (part instanceof PromptPart.Placeholder placeholder) {
                varies("the " + placeholder.content().name().toLowerCase(Locale.ROOT));
            }
        }

        private void text(String text, int number, int depth) {
            int from = 0;
            while (from < text.length()) {
                int start = text.indexOf("{{", from);
                int stop = start < 0 ? -1 : text.indexOf("}}", start + 2);
                if (stop < 0) {
                    break;
                }
                stable(text.substring(from, start));
                boolean tripled = text.startsWith("{", start + 2);
                tag(text.substring(start + (tripled ? 3 : 2), stop).strip(), number, depth);
                from = stop + (tripled ? 3 : 2);
            }
            stable(text.substring(Math.min(from, text.length())));
        }

        private void tag(String tag, int number, int depth) {
            if (tag.startsWith("!")) {
                return;
            }
            if (tag.startsWith(">") && depth < DEEPEST) {
                text(template.partials().getOrDefault(tag.substring(1).strip(), ""), number, depth + 1);
                return;
            }
            boolean sigil = !tag.isEmpty() && "&#^/=<$".indexOf(tag.charAt(0)) >= 0;
            String name = sigil ? tag.substring(1).strip() : tag;
            if (!constant.contains(name)) {
                varies("'" + name + "' in message " + number);
            }
        }

        private void stable(String text) {
            (first.isEmpty() ? prefix : later).append(text);
        }

        private void varies(String what) {
            first = first.or(() -> Optional.of(what));
        }
    }
}
