package dev.llmlifecycle.core.examples;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import dev.langchain4j.data.embedding.Embedding;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.data.Dataset;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.identity.Identity;
import org.jspecify.annotations.Nullable;

/** What does not change while a pool does: the settings of a selector, and how they are used. */
record SelectorSettings(
        SelectionStrategy strategy,
        int most,
        OptionalInt budget,
        ExampleTokens tokens,
        @Nullable TextEmbeddings embeddings,
        @Nullable LeakageGuard guard,
        @Nullable Firewall firewall) {

    private static final int RIVALS = 3;

    Identity identity(Dataset pool, ExampleOrder order) {
        Map<String, Object> configuration = new TreeMap<>();
        configuration.put("pool", pool.hash().hex());
        configuration.put("strategy", strategy.toCanonical());
        configuration.put("atMost", most);
        configuration.put("order", order.toCanonical());
        configuration.put("tokens", tokens.identity().toCanonical());
        budget.ifPresent(limit -> configuration.put("tokenBudget", limit));
        if (embeddings != null) {
            configuration.put("embeddings", embeddings.identity().toCanonical());
        }
        if (guard != null) {
            configuration.put("guard", guard.toCanonical());
        }
        return Identity.of("pooled-examples", "1", configuration);
    }

    boolean comparesMeanings() {
        return embeddings != null && guard != null && guard.meaningSimilarity().isPresent();
    }

    /** Makes rows of examples, and embeds those whose vector is not given. */
    Prepared prepare(List<Example> examples, Map<String, Embedding> given) {
        for (Example example : examples) {
            if (example.expected().isEmpty() || example.expected().get(0).isBlank()) {
                throw new IllegalArgumentException("the example '" + example.id()
                        + "' has no expected output to show; leave it out with Dataset.subset or give it one");
            }
        }
        Map<String, float[]> vectors = embeddings == null ? Map.of() : vectors(examples, given, embeddings);
        Map<String, PoolRow> rows = new HashMap<>();
        for (Example example : examples) {
            String normal = firewall == null ? "" : Terms.normal(example.input());
            Terms shingles = Terms.grams(normal, Firewall.SHINGLE);
            Optional<Leak> leak =
                    firewall == null ? Optional.empty() : firewall.leak(normal, shingles, vectors.get(example.id()));
            PoolRow earlier = rows.put(
                    example.id(),
                    new PoolRow(example, tokens.of(example), terms(example.input()), normal, shingles, leak));
            if (earlier != null) {
                throw new IllegalArgumentException(
                        "two examples have the id '" + example.id() + "'; give each example an id of its own");
            }
        }
        return new Prepared(rows, vectors);
    }

    private static Map<String, float[]> vectors(
            List<Example> examples, Map<String, Embedding> given, TextEmbeddings embeddings) {
        Map<String, float[]> vectors = new HashMap<>();
        List<Example> unknown = new ArrayList<>();
        int dimension = given.isEmpty() ? 0 : embeddings.model().dimension();
        for (Example example : examples) {
            Embedding known = given.get(example.id());
            if (known == null) {
                unknown.add(example);
                continue;
            }
            if (known.vector().length != dimension) {
                throw new IllegalArgumentException("the vector of example '" + example.id() + "' has "
                        + known.vector().length + " numbers, but those of '"
                        + embeddings.identity().name() + "' have " + dimension
                        + "; give vectors of the model that embeds the questions");
            }
            vectors.put(
                    example.id(),
                    TextEmbeddings.normal(known.vector())
                            .orElseThrow(() -> new IllegalArgumentException("the vector of example '" + example.id()
                                    + "' has a number that is not finite; embed it again")));
        }
        List<float[]> embedded =
                embeddings.embed(unknown.stream().map(Example::input).toList());
        for (int i = 0; i < unknown.size(); i++) {
            vectors.put(unknown.get(i).id(), embedded.get(i));
        }
        return vectors;
    }

    void requireDimension(int dimension, Map<String, float[]> vectors) {
        vectors.replaceAll((id, vector) -> vector.length == 0 ? new float[dimension] : vector);
        vectors.forEach((id, vector) -> {
            if (vector.length != dimension) {
                throw otherDimension("example '" + id + "'", vector.length, dimension);
            }
        });
    }

    private LifecycleException otherDimension(String what, int found, int expected) {
        return new LifecycleException("Embedding the " + what + " with '"
                + Objects.requireNonNull(embeddings).identity().name() + "' gave " + found
                + " numbers, but the examples of the pool have " + expected
                + "; use the model that embedded the pool");
    }

    private Terms terms(String text) {
        if (strategy instanceof SelectionStrategy.NGramOverlap overlap) {
            return Terms.grams(Terms.normal(text), overlap.n());
        }
        boolean words = strategy instanceof SelectionStrategy.Bm25 || embeddings == null;
        return words ? Terms.words(text) : Terms.NONE;
    }

    private boolean comparesWords() {
        return strategy instanceof SelectionStrategy.Bm25
                || strategy instanceof SelectionStrategy.NGramOverlap
                || embeddings == null;
    }

    private boolean choosesByRelevance() {
        return !(strategy instanceof SelectionStrategy.Fixed) && !(strategy instanceof SelectionStrategy.RandomDraw);
    }

    private boolean looksAtRelevance(List<ExampleOrder> orders) {
        return choosesByRelevance()
                || orders.stream()
                        .anyMatch(order -> !(order instanceof ExampleOrder.AsChosen)
                                && !(order instanceof ExampleOrder.AsInThePool));
    }

    Chosen choose(PoolState pool, String question, List<ExampleOrder> orders, boolean rivals) {
        if (pool.size() == 0) {
            return nothing(pool, orders, List.of(), Selection.Nothing.EMPTY_POOL);
        }
        boolean relevant = looksAtRelevance(orders) && !question.isBlank();
        if (choosesByRelevance() && !relevant) {
            return nothing(pool, orders, List.of(), Selection.Nothing.BLANK_QUESTION);
        }
        float @Nullable [] cosines = !question.isBlank() && ((relevant && !comparesWords()) || comparesMeanings())
                ? cosines(pool, question)
                : null;
        Map<Integer, Leak> leaks = firewall == null ? Map.of() : firewall.leaks(question, pool, cosines);
        boolean[] barred = new boolean[pool.size()];
        int open = 0;
        for (int row = 0; row < barred.length; row++) {
            barred[row] = pool.at(row).leak().isPresent() || leaks.containsKey(row);
            open += barred[row] ? 0 : 1;
        }
        List<RefusedExample> refused = leaks.entrySet().stream()
                .map(leak -> new RefusedExample(pool.at(leak.getKey()).example(), leak.getValue()))
                .toList();
        if (open == 0) {
            return nothing(pool, orders, refused, Selection.Nothing.ALL_REFUSED);
        }
        float[] relevance = relevance(pool, question, relevant, cosines);
        float above = choosesByRelevance() && comparesWords() ? 0 : Float.NEGATIVE_INFINITY;
        Choice choice = new Choice(pool, question, relevance, barred, above, most, budget.orElse(Integer.MAX_VALUE));
        List<Basket.Pick> picks = Rules.choose(strategy, choice);
        if (picks.isEmpty()) {
            boolean any = choosesByRelevance() ? choice.ranked().peek() >= 0 : anyFixed(pool, barred);
            return nothing(
                    pool, orders, refused, any ? Selection.Nothing.OVER_BUDGET : Selection.Nothing.NOTHING_RELEVANT);
        }
        List<Arrangement.Placed> placed = new ArrayList<>();
        int used = 0;
        for (Basket.Pick pick : picks) {
            PoolRow row = pool.at(pick.row());
            placed.add(new Arrangement.Placed(
                    pick.row(),
                    new SelectedExample(
                            row.example(), placed.size() + 1, relevance[pick.row()], pick.gain(), row.tokens())));
            used += row.tokens();
        }
        List<List<SelectedExample>> arranged = orders.stream()
                .map(order -> Arrangement.arrange(placed, order, pool).stream()
                        .map(Arrangement.Placed::selected)
                        .toList())
                .toList();
        List<Selection.Rival> others = rivals && relevant ? rivals(choice, picks, used) : List.of();
        return new Chosen(
                new Selection(
                        arranged.get(0),
                        used,
                        budget,
                        others,
                        refused,
                        Optional.empty(),
                        pool.dataset().hash()),
                arranged.stream()
                        .map(selected ->
                                selected.stream().map(SelectedExample::example).toList())
                        .toList());
    }

    private boolean anyFixed(PoolState pool, boolean[] barred) {
        return !(strategy instanceof SelectionStrategy.Fixed fixed)
                || fixed.ids().stream().mapToInt(pool::row).anyMatch(row -> row >= 0 && !barred[row]);
    }

    private Chosen nothing(
            PoolState pool, List<ExampleOrder> orders, List<RefusedExample> refused, Selection.Nothing why) {
        return new Chosen(
                new Selection(
                        List.of(),
                        0,
                        budget,
                        List.of(),
                        refused,
                        Optional.of(why),
                        pool.dataset().hash()),
                orders.stream().map(order -> List.<Example>of()).toList());
    }

    private float[] relevance(PoolState pool, String question, boolean relevant, float @Nullable [] cosines) {
        if (!relevant) {
            return new float[pool.size()];
        }
        if (strategy instanceof SelectionStrategy.NGramOverlap) {
            return Lexical.dice(pool, terms(question));
        }
        if (comparesWords()) {
            SelectionStrategy.Bm25 bm25 = strategy instanceof SelectionStrategy.Bm25 given
                    ? given
                    : (SelectionStrategy.Bm25) SelectionStrategy.bm25();
            return Lexical.bm25(pool, Terms.words(question), bm25.k1(), bm25.b());
        }
        return Objects.requireNonNull(cosines, "cosines");
    }

    private float[] cosines(PoolState pool, String question) {
        float[] vector =
                Objects.requireNonNull(embeddings).embed(List.of(question)).get(0);
        if (vector.length == 0 || pool.vectors().dimension() == 0) {
            return new float[pool.size()];
        }
        if (vector.length != pool.vectors().dimension()) {
            throw otherDimension("question", vector.length, pool.vectors().dimension());
        }
        return pool.vectors().cosines(vector);
    }

    private List<Selection.Rival> rivals(Choice choice, List<Basket.Pick> picks, int used) {
        Set<Integer> chosen = picks.stream().map(Basket.Pick::row).collect(Collectors.toSet());
        List<Selection.Rival> rivals = new ArrayList<>();
        RankedRows ranked = choice.ranked();
        for (int row = ranked.next(); row >= 0 && rivals.size() < RIVALS; row = ranked.next()) {
            if (!chosen.contains(row)) {
                rivals.add(new Selection.Rival(
                        choice.pool().at(row).example(),
                        choice.relevance(row),
                        choice.tokens(row),
                        choice.tokens(row) <= choice.budget() - used));
            }
        }
        return rivals;
    }

    /**
     * A selection in the first order asked for, and the examples in each.
     *
     * @param selection the selection
     * @param arranged the examples by order
     */
    record Chosen(Selection selection, List<List<Example>> arranged) {}

    /**
     * What is new, ready for the pool.
     *
     * @param rows by id
     * @param vectors by id, none without embeddings
     */
    record Prepared(Map<String, PoolRow> rows, Map<String, float[]> vectors) {}
}
