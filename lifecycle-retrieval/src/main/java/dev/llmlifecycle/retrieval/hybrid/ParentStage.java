package dev.llmlifecycle.retrieval.hybrid;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;
import dev.llmlifecycle.retrieval.vector.internal.Parents;

/** Puts the parent in the place of its children; it has the place and score of the first of them. */
final class ParentStage implements RetrievalStage {

    private static final Identity IDENTITY = Identity.of("parents", "1");

    @Override
    public Outcome apply(RetrievalRequest request, List<Passage> passages) {
        Map<String, Passage> parents = new LinkedHashMap<>();
        Map<String, List<String>> children = new LinkedHashMap<>();
        for (Passage passage : passages) {
            Passage parent = Parents.of(passage);
            parents.putIfAbsent(parent.id(), parent);
            children.computeIfAbsent(parent.id(), id -> new ArrayList<>()).add(passage.id());
        }
        List<Kept> kept = new ArrayList<>();
        children.forEach((id, from) -> {
            Passage parent = parents.getOrDefault(id, passages.get(0));
            kept.add(new Kept(
                    parent,
                    from,
                    from.contains(id) ? "it has no parent" : "the parent of " + from.size() + " that were found"));
        });
        return new Outcome(kept, List.of());
    }

    @Override
    public Identity identity() {
        return IDENTITY;
    }
}
