package dev.llmlifecycle.retrieval.hybrid;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.langchain4j.model.TokenCountEstimator;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;
import dev.llmlifecycle.retrieval.ingest.Chunkers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes the passages that fit into a budget, in their order, and puts them into the order they are read in. */
final class PackingStage implements RetrievalStage {

    private static final Logger log = LoggerFactory.getLogger(PackingStage.class);

    private final int budget;
    private final TokenCountEstimator tokens;
    private final PackingOrder order;
    private final Identity identity;

    PackingStage(int budget, TokenCountEstimator tokens, Identity tokensIdentity, PackingOrder order) {
        if (budget < 1) {
            throw new IllegalArgumentException("the budget of packing must be at least 1 token but was " + budget);
        }
        this.budget = budget;
        this.tokens = Objects.requireNonNull(tokens, "tokens");
        this.order = Objects.requireNonNull(order, "order");
        this.identity = Identity.of(
                "pack", "1", Map.of("budget", budget, "tokens", tokensIdentity.toCanonical(), "order", order.name()));
    }

    @Override
    public Outcome apply(RetrievalRequest request, List<Passage> passages) {
        List<Kept> kept = new ArrayList<>();
        List<LeftOut> leftOut = new ArrayList<>();
        int left = budget;
        for (Passage passage : passages) {
            int needed = tokens.estimateTokenCountInText(passage.text());
            if (needed < 0) {
                throw new LifecycleException("Counting the tokens of the passage '" + passage.id() + "' gave " + needed
                        + "; check the token count estimator");
            }
            if (needed <= left) {
                left -= needed;
                kept.add(Kept.unchanged(passage, needed + " tokens, " + left + " left"));
            } else {
                leftOut.add(new LeftOut(
                        passage.id(), "it needs " + needed + " tokens and " + left + " of " + budget + " are left"));
            }
        }
        if (kept.isEmpty()) {
            log.warn("None of {} passages fits into the budget of {} tokens", passages.size(), budget);
        }
        return new Outcome(ordered(kept), leftOut);
    }

    private List<Kept> ordered(List<Kept> kept) {
        List<Kept> ordered = new ArrayList<>(kept);
        switch (order) {
            case BEST_FIRST -> {}
            case BEST_LAST -> Collections.reverse(ordered);
            case BOTH_ENDS -> {
                ordered.clear();
                for (int i = 0; i < kept.size(); i += 2) {
                    ordered.add(kept.get(i));
                }
                for (int i = kept.size() - 1 - kept.size() % 2; i > 0; i -= 2) {
                    ordered.add(kept.get(i));
                }
            }
            case DOCUMENT -> {
                Map<String, Integer> places = new HashMap<>();
                kept.forEach(each -> places.putIfAbsent(each.passage().source(), places.size()));
                ordered.sort(Comparator.<Kept>comparingInt(
                                each -> places.getOrDefault(each.passage().source(), 0))
                        .thenComparingLong(each -> start(each.passage())));
            }
        }
        return ordered;
    }

    private static long start(Passage passage) {
        return passage.segment().metadata().toMap().get(Chunkers.START) instanceof Number number
                ? number.longValue()
                : 0;
    }

    @Override
    public Identity identity() {
        return identity;
    }
}
