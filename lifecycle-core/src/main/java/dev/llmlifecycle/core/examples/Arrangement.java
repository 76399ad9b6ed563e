package dev.llmlifecycle.core.examples;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Puts what was chosen into the order of the prompt. */
final class Arrangement {

    private Arrangement() {}

    /**
     * An example with its row.
     *
     * @param row its number in the pool
     * @param selected the example
     */
    record Placed(int row, SelectedExample selected) {}

    static List<Placed> arrange(List<Placed> chosen, ExampleOrder order, PoolState pool) {
        Comparator<Placed> mostRelevantFirst = Comparator.comparingDouble(
                        (Placed placed) -> placed.selected().relevance())
                .reversed()
                .thenComparingInt(Placed::row);
        List<Placed> arranged = new ArrayList<>(chosen);
        if (order instanceof ExampleOrder.MostRelevantFirst) {
            arranged.sort(mostRelevantFirst);
        } else if (order instanceof ExampleOrder.MostRelevantLast) {
            arranged.sort(mostRelevantFirst.reversed());
        } else if (order instanceof ExampleOrder.AsInThePool) {
            arranged.sort(Comparator.comparingInt(placed -> pool.position(placed.row())));
        } else if (order instanceof ExampleOrder.AlternatingLabels alternating) {
            arranged.sort(mostRelevantFirst);
            return alternating(arranged, alternating.label());
        }
        return arranged;
    }

    /**
     * Builds from the end: each time the most relevant with another label than its neighbour, unless a label has more
     * than half of what is left and has to come now so as not to stand beside itself later.
     */
    private static List<Placed> alternating(List<Placed> mostRelevantFirst, Optional<String> name) {
        List<Placed> left = new ArrayList<>(mostRelevantFirst);
        List<Placed> backwards = new ArrayList<>();
        Optional<String> neighbour = Optional.empty();
        while (!left.isEmpty()) {
            Optional<String> before = neighbour;
            Placed next = left.stream()
                    .filter(placed -> !before.equals(Optional.of(label(placed, name))))
                    .filter(placed ->
                            crowded(left, name).map(label(placed, name)::equals).orElse(true))
                    .findFirst()
                    .or(() -> left.stream()
                            .filter(placed -> !before.equals(Optional.of(label(placed, name))))
                            .findFirst())
                    .orElse(left.get(0));
            left.remove(next);
            backwards.add(next);
            neighbour = Optional.of(label(next, name));
        }
        Collections.reverse(backwards);
        return backwards;
    }

    /** Returns the label that more than half of the rest have. */
    private static Optional<String> crowded(List<Placed> left, Optional<String> name) {
        return left.stream()
                .map(placed -> label(placed, name))
                .filter(label -> 2
                                * left.stream()
                                        .filter(placed -> label(placed, name).equals(label))
                                        .count()
                        > left.size())
                .findFirst();
    }

    private static String label(Placed placed, Optional<String> name) {
        return Rules.label(placed.selected().example(), name);
    }
}
