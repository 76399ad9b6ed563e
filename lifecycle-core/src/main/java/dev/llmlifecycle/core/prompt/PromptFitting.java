package dev.llmlifecycle.core.prompt;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.PromptPart;
import dev.llmlifecycle.core.prompt.PromptBudget.Kind;

/**
 * Finds how little has to be left out of one prompt. What is left out comes in a fixed order, so the number of things
 * is all there is to find, by bisection over prompts that are really rendered and counted.
 */
final class PromptFitting {

    private final ChatPromptTemplate template;
    private final PromptBudget budget;
    private final PromptContext whole;
    private final List<List<ChatMessage>> exchanges;
    private final Function<PromptContext, List<ChatMessage>> renderer;
    private final Map<Kind, Integer> droppable = new EnumMap<>(Kind.class);
    private final Set<Kind> standing;
    private final int schemaTokens;

    PromptFitting(
            CompiledPrompt prompt,
            PromptBudget budget,
            PromptContext whole,
            Function<PromptContext, List<ChatMessage>> renderer) {
        this.template = prompt.template();
        this.budget = budget;
        this.whole = whole;
        this.exchanges = exchanges(whole.history());
        this.renderer = renderer;
        this.schemaTokens = template.outputSchema()
                .map(budget.estimator()::estimateTokenCountInText)
                .orElse(0);
        this.standing = standing(prompt);
        for (Kind kind : budget.order()) {
            if (standing.contains(kind)) {
                droppable.put(kind, Math.max(0, size(whole, kind) - budget.leastKept(kind)));
            }
        }
    }

    FittedPrompt fit() {
        int limit = budget.limit(template);
        Fit all = fit(0);
        if (all.tokens() <= limit) {
            return result(all);
        }
        int tooFew = 0;
        int enough = droppable.values().stream().mapToInt(Integer::intValue).sum();
        Fit best = fit(enough);
        if (best.tokens() > limit) {
            throw tooLong(best);
        }
        while (enough - tooFew > 1) {
            int middle = (tooFew + enough) >>> 1;
            Fit fit = fit(middle);
            if (fit.tokens() <= limit) {
                enough = middle;
                best = fit;
            } else {
                tooFew = middle;
            }
        }
        return result(best);
    }

    private Fit fit(int dropped) {
        PromptContext kept = without(dropped);
        List<ChatMessage> messages = renderer.apply(kept);
        return new Fit(kept, messages, budget.estimator().estimateTokenCountInMessages(messages) + schemaTokens);
    }

    private PromptContext without(int dropped) {
        PromptContext kept = whole;
        int left = dropped;
        for (Kind kind : budget.order()) {
            int drop = Math.min(left, droppable.getOrDefault(kind, 0));
            if (drop > 0) {
                kept = without(drop, kind, kept);
            }
            left -= drop;
        }
        return kept;
    }

    private PromptContext without(int drop, Kind kind, PromptContext kept) {
        return switch (kind) {
            case HISTORY ->
                new PromptContext(
                        kept.passages(),
                        exchanges.subList(drop, exchanges.size()).stream()
                                .flatMap(List::stream)
                                .toList(),
                        kept.examples());
            case PASSAGES -> new PromptContext(allBut(drop, kept.passages()), kept.history(), kept.examples());
            case EXAMPLES -> new PromptContext(kept.passages(), kept.history(), allBut(drop, kept.examples()));
        };
    }

    private static <T> List<T> allBut(int last, List<T> items) {
        return items.subList(0, items.size() - last);
    }

    private FittedPrompt result(Fit fit) {
        List<FittedPrompt.LeftOut> leftOut = new ArrayList<>();
        for (Kind kind : budget.order()) {
            int count = size(whole, kind) - size(fit.kept(), kind);
            if (count > 0) {
                leftOut.add(new FittedPrompt.LeftOut(
                        kind, count, Math.max(0, tokens(whole, kind) - tokens(fit.kept(), kind))));
            }
        }
        return new FittedPrompt(fit.messages(), fit.kept(), fit.tokens(), budget.limit(template), leftOut);
    }

    private PromptTooLongException tooLong(Fit shortest) {
        Map<String, Integer> others = new LinkedHashMap<>();
        others.put("output schema", schemaTokens);
        for (Kind kind : Kind.values()) {
            others.put(kind.name().toLowerCase(Locale.ROOT), tokens(shortest.kept(), kind));
        }
        others.values().removeIf(tokens -> tokens == 0);
        int rest = shortest.tokens()
                - others.values().stream().mapToInt(Integer::intValue).sum();
        Map<String, Integer> parts = new LinkedHashMap<>();
        parts.put("texts and values", Math.max(0, rest));
        parts.putAll(others);
        return new PromptTooLongException(
                template.name(), shortest.tokens(), budget.limit(template), budget.reserve(template), parts);
    }

    /** Returns what a kind takes on its own; at its edges a tokenizer may count a token more or less. */
    private int tokens(PromptContext context, Kind kind) {
        if (!standing.contains(kind) || size(context, kind) == 0) {
            return 0;
        }
        return switch (kind) {
            case HISTORY -> budget.estimator().estimateTokenCountInMessages(context.history());
            case PASSAGES -> budget.estimator().estimateTokenCountInText(PassageBlock.write(context.passages()));
            case EXAMPLES ->
                budget.estimator()
                        .estimateTokenCountInMessages(context.examples().stream()
                                .flatMap(example -> PromptRenderer.messages(template, example).stream())
                                .toList());
        };
    }

    private static int size(PromptContext context, Kind kind) {
        return switch (kind) {
            case HISTORY -> exchanges(context.history()).size();
            case PASSAGES -> context.passages().size();
            case EXAMPLES -> context.examples().size();
        };
    }

    private static Set<Kind> standing(CompiledPrompt prompt) {
        Set<Kind> standing = EnumSet.noneOf(Kind.class);
        if (prompt.uses(ChatPromptTemplate.PASSAGES)) {
            standing.add(Kind.PASSAGES);
        }
        for (PromptPart part : prompt.template().parts()) {
            if (part instanceof PromptPart.Placeholder placeholder) {
                standing.add(
                        switch (placeholder.content()) {
                            case HISTORY -> Kind.HISTORY;
                            case EXAMPLES -> Kind.EXAMPLES;
                        });
            }
        }
        return standing;
    }

    /** Cuts a conversation before each message of the user. System messages are not rendered, so they do not count. */
    private static List<List<ChatMessage>> exchanges(List<ChatMessage> history) {
        List<List<ChatMessage>> exchanges = new ArrayList<>();
        for (ChatMessage message : history) {
            if (message instanceof SystemMessage) {
                continue;
            }
            if (message instanceof UserMessage || exchanges.isEmpty()) {
                exchanges.add(new ArrayList<>());
            }
            exchanges.get(exchanges.size() - 1).add(message);
        }
        return exchanges;
    }

    private record Fit(PromptContext kept, List<ChatMessage> messages, int tokens) {}
}
