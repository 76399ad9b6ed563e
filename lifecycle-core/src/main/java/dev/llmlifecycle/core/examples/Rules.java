package dev.llmlifecycle.core.examples;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.llmlifecycle.api.data.Example;

/** Chooses rows by a rule. */
final class Rules {

    private Rules() {}

    static List<Basket.Pick> choose(SelectionStrategy strategy, Choice choice) {
        if (strategy instanceof SelectionStrategy.Fixed fixed) {
            return fixed(fixed, choice);
        }
        if (strategy instanceof SelectionStrategy.RandomDraw draw) {
            return random(draw, choice);
        }
        if (strategy instanceof SelectionStrategy.Mmr mmr) {
            return MarginalRelevance.choose(choice, mmr.lambda());
        }
        if (strategy instanceof SelectionStrategy.LabelBalanced balanced) {
            return balanced(balanced, choice);
        }
        if (strategy instanceof SelectionStrategy.Coverage coverage) {
            return Neighbourhood.of(choice, coverage.candidates(), 0).greedyByGain();
        }
        if (strategy instanceof SelectionStrategy.Knapsack knapsack) {
            return Neighbourhood.of(choice, knapsack.candidates(), knapsack.weight())
                    .best();
        }
        return mostRelevant(choice);
    }

    /** Returns the label of an example: that of a name, or the first expected output; empty where it has none. */
    static String label(Example example, Optional<String> name) {
        return name.map(label -> example.labels().getOrDefault(label, ""))
                .orElseGet(() -> example.expected().get(0));
    }

    private static List<Basket.Pick> mostRelevant(Choice choice) {
        Basket basket = new Basket(choice);
        RankedRows ranked = choice.ranked();
        for (int row = ranked.next(); row >= 0 && !basket.full(); row = ranked.next()) {
            if (basket.fits(row)) {
                basket.add(row, choice.relevance(row));
            }
        }
        return basket.picks();
    }

    private static List<Basket.Pick> fixed(SelectionStrategy.Fixed fixed, Choice choice) {
        Basket basket = new Basket(choice);
        for (String id : fixed.ids()) {
            int row = choice.pool().row(id);
            if (row >= 0 && !choice.barred(row) && basket.fits(row)) {
                basket.add(row, choice.relevance(row));
            }
        }
        return basket.picks();
    }

    /** Each example draws a number of its own, and the largest win. */
    private static List<Basket.Pick> random(SelectionStrategy.RandomDraw draw, Choice choice) {
        float[] luck = new float[choice.pool().size()];
        for (int row = 0; row < luck.length; row++) {
            long bits = Terms.draw(
                    draw.seed(),
                    choice.question(),
                    choice.pool().at(row).example().id());
            luck[row] = (bits >>> 40) * 0x1p-24f;
        }
        Basket basket = new Basket(choice);
        RankedRows ranked = choice.ranked(luck);
        for (int row = ranked.next(); row >= 0 && !basket.full(); row = ranked.next()) {
            if (basket.fits(row)) {
                basket.add(row, choice.relevance(row));
            }
        }
        return basket.picks();
    }

    private static List<Basket.Pick> balanced(SelectionStrategy.LabelBalanced balanced, Choice choice) {
        Map<String, List<Integer>> byLabel = new LinkedHashMap<>();
        RankedRows ranked = choice.ranked();
        for (int row = ranked.next(); row >= 0; row = ranked.next()) {
            byLabel.computeIfAbsent(
                            label(choice.pool().at(row).example(), balanced.label()), label -> new ArrayList<>())
                    .add(row);
        }
        Basket basket = new Basket(choice);
        Map<String, Integer> next = new LinkedHashMap<>();
        byLabel.keySet().forEach(label -> next.put(label, 0));
        while (!next.isEmpty() && !basket.full()) {
            next.entrySet().removeIf(place -> {
                List<Integer> rows = byLabel.getOrDefault(place.getKey(), List.of());
                int index = place.getValue();
                while (index < rows.size() && !basket.fits(rows.get(index))) {
                    index++;
                }
                if (index < rows.size()) {
                    basket.add(rows.get(index), choice.relevance(rows.get(index)));
                }
                place.setValue(index + 1);
                return index + 1 >= rows.size();
            });
        }
        return basket.picks();
    }
}
