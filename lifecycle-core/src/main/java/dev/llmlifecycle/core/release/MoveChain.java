package dev.llmlifecycle.core.release;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.llmlifecycle.api.release.Deployment;
import dev.llmlifecycle.api.release.DeploymentMove;

/** A journal in memory: moves that follow each other, and where they leave each label. Immutable. */
final class MoveChain {

    static final MoveChain EMPTY = new MoveChain(List.of());

    private final List<DeploymentMove> moves;
    private final Map<String, Deployment> deployments;

    /** Takes moves of which each {@linkplain #isNext follows} the one before. */
    MoveChain(List<DeploymentMove> moves) {
        this.moves = List.copyOf(moves);
        Map<String, Deployment> latest = new HashMap<>();
        moves.forEach(move -> latest.put(move.label(), move.deployment()));
        this.deployments = Map.copyOf(latest);
    }

    /** Tells whether a move is the one after these. */
    static boolean isNext(List<DeploymentMove> before, DeploymentMove move) {
        if (before.isEmpty()) {
            return move.revision() == 1 && move.previousMove().isEmpty();
        }
        DeploymentMove last = before.get(before.size() - 1);
        return move.revision() == last.revision() + 1 && move.previousMove().equals(Optional.of(last.hash()));
    }

    boolean takes(DeploymentMove move) {
        return isNext(moves, move);
    }

    MoveChain plus(DeploymentMove move) {
        List<DeploymentMove> longer = new ArrayList<>(moves);
        longer.add(move);
        return new MoveChain(longer);
    }

    List<DeploymentMove> moves() {
        return moves;
    }

    Optional<Deployment> deployment(String label) {
        return Optional.ofNullable(deployments.get(label));
    }
}
