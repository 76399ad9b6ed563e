package dev.llmlifecycle.samples.measure.classifier;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Supplier;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.llmlifecycle.api.data.Dataset;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.data.Provenance;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.core.examples.PooledExampleSelector;
import dev.llmlifecycle.core.examples.SelectedExample;
import dev.llmlifecycle.core.examples.Selection;
import dev.llmlifecycle.core.examples.SelectionStrategy;
import dev.llmlifecycle.eval.statistics.Bootstrap;
import dev.llmlifecycle.retrieval.embedding.InProcessEmbeddingModel;
import dev.llmlifecycle.samples.measure.task.Figure;
import dev.llmlifecycle.samples.measure.task.MeasureContext;
import dev.llmlifecycle.samples.measure.task.MeasureTask;

/**
 * How often the examples that are chosen for a question of CLINC150 and BANKING77 have its intent among them, by rule
 * and number, and by budget of tokens.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class ExamplesTask implements MeasureTask {

    private static final int QUESTIONS = 1_000;
    private static final int FEW = 10;
    private static final int[] NUMBERS = {1, 3, 5, 10};
    private static final int[] BUDGETS = {64, 128, 256};
    private static final int MOST = 1_000;
    private static final int DRAWS = 1_000;

    private final Supplier<EmbeddingModel> model;

    /** Creates the task with the embedding model in process. */
    public ExamplesTask() {
        this(InProcessEmbeddingModel::allMiniLmL6V2Quantized);
    }

    ExamplesTask(Supplier<EmbeddingModel> model) {
        this.model = Objects.requireNonNull(model, "model");
    }

    @Override
    public String name() {
        return "examples";
    }

    @Override
    public String description() {
        return "in-context examples: the right intent among those chosen, by rule, number and token budget";
    }

    @Override
    public List<Figure> run(MeasureContext context) {
        RememberedEmbeddings embeddings = new RememberedEmbeddings(model.get());
        List<Figure> figures = new ArrayList<>();
        for (IntentSet set : List.of(IntentSet.clinc(context), IntentSet.banking(context))) {
            List<IntentSet.Row> questions = drawn(set.report(), context.seed());
            context.progress()
                    .accept(set.name() + ": embedding " + set.train().size() + " examples and " + questions.size()
                            + " questions");
            embeddings.embedAll(set.train().stream()
                    .map(row -> TextSegment.from(row.text()))
                    .toList());
            embeddings.embedAll(
                    questions.stream().map(row -> TextSegment.from(row.text())).toList());
            Measured all = new Measured(set.name(), set.train(), questions, embeddings, context);
            figures.addAll(all.byNumber());
            figures.addAll(all.byBudget());
            figures.addAll(new Measured(
                            set.name() + ", " + FEW + " each",
                            set.few(FEW, context.seed()),
                            questions,
                            embeddings,
                            context)
                    .byNumber());
        }
        return figures;
    }

    private static List<IntentSet.Row> drawn(List<IntentSet.Row> rows, long seed) {
        List<IntentSet.Row> shuffled = new ArrayList<>(rows);
        Collections.shuffle(shuffled, new Random(seed));
        return List.copyOf(shuffled.subList(0, Math.min(QUESTIONS, shuffled.size())));
    }

    /** One pool with the questions asked of it. */
    private record Measured(
            String set,
            List<IntentSet.Row> examples,
            List<IntentSet.Row> questions,
            RememberedEmbeddings embeddings,
            MeasureContext context) {

        List<Figure> byNumber() {
            int largest = NUMBERS[NUMBERS.length - 1];
            Map<String, Map<Integer, double[]>> hits = new LinkedHashMap<>();
            // These choose one after the other, so that fewer are the first of more.
            Map<String, SelectionStrategy> stepwise = new LinkedHashMap<>();
            stepwise.put("random", SelectionStrategy.random(context.seed()));
            stepwise.put("BM25", SelectionStrategy.bm25());
            stepwise.put("trigrams", SelectionStrategy.ngramOverlap(3));
            stepwise.put("kNN", SelectionStrategy.nearest());
            stepwise.put("MMR", SelectionStrategy.mmr());
            stepwise.put("label-balanced", SelectionStrategy.labelBalanced());
            stepwise.put("coverage", SelectionStrategy.coverage());
            stepwise.forEach((name, strategy) -> {
                context.progress().accept(set + ": " + name);
                PooledExampleSelector selector =
                        selector(strategy).atMost(largest).build();
                for (int question = 0; question < questions.size(); question++) {
                    int first =
                            firstHit(selector.explain(questions.get(question).text()), question);
                    for (int k : NUMBERS) {
                        hits(hits, name, k)[question] = first <= k ? 1 : 0;
                    }
                }
            });
            context.progress().accept(set + ": knapsack");
            for (int k : NUMBERS) {
                PooledExampleSelector selector = selector(SelectionStrategy.knapsack())
                        .tokenBudget(MOST * MOST)
                        .atMost(k)
                        .build();
                for (int question = 0; question < questions.size(); question++) {
                    int first =
                            firstHit(selector.explain(questions.get(question).text()), question);
                    hits(hits, "knapsack", k)[question] = first <= k ? 1 : 0;
                }
            }
            List<Figure> figures = new ArrayList<>();
            hits.forEach((name, byNumber) -> byNumber.forEach(
                    (k, rows) -> figures.add(Figure.share(set, name + ", k=" + k, (long) sum(rows), rows.length))));
            for (String other : List.of("random", "BM25")) {
                for (int k : NUMBERS) {
                    figures.add(
                            difference("kNN minus " + other + ", k=" + k, hits(hits, "kNN", k), hits(hits, other, k)));
                }
            }
            return figures;
        }

        List<Figure> byBudget() {
            List<Figure> figures = new ArrayList<>();
            Map<String, SelectionStrategy> rules = new LinkedHashMap<>();
            rules.put("BM25", SelectionStrategy.bm25());
            rules.put("kNN", SelectionStrategy.nearest());
            rules.put("MMR", SelectionStrategy.mmr());
            rules.put("knapsack", SelectionStrategy.knapsack());
            for (int budget : BUDGETS) {
                context.progress().accept(set + ": " + budget + " tokens");
                Map<String, double[]> hits = new LinkedHashMap<>();
                rules.forEach((name, strategy) -> {
                    PooledExampleSelector selector =
                            selector(strategy).tokenBudget(budget).atMost(MOST).build();
                    double[] rows = new double[questions.size()];
                    double[] intents = new double[questions.size()];
                    for (int question = 0; question < rows.length; question++) {
                        Selection selection =
                                selector.explain(questions.get(question).text());
                        rows[question] = firstHit(selection, question) <= MOST ? 1 : 0;
                        intents[question] = selection.examples().stream()
                                .map(example -> example.expected().get(0))
                                .distinct()
                                .count();
                    }
                    hits.put(name, rows);
                    String at = name + ", " + budget + " tokens";
                    figures.add(Figure.share(set, at, (long) sum(rows), rows.length));
                    figures.add(mean(at + ": different intents", intents));
                });
                figures.add(difference(
                        "knapsack minus kNN, " + budget + " tokens",
                        Objects.requireNonNull(hits.get("knapsack")),
                        Objects.requireNonNull(hits.get("kNN"))));
            }
            return figures;
        }

        private PooledExampleSelector.Builder selector(SelectionStrategy strategy) {
            Dataset.Builder pool = Dataset.builder(set.replace(',', ' '));
            for (int i = 0; i < examples.size(); i++) {
                pool.add(Example.builder(
                                String.format(Locale.ROOT, "%06d", i),
                                examples.get(i).text())
                        .expected(examples.get(i).intent())
                        .provenance(new Provenance(set, "unknown"))
                        .build());
            }
            return PooledExampleSelector.builder(pool.build())
                    .embeddings(Identity.of("all-MiniLM-L6-v2-q", "1"), embeddings)
                    .strategy(strategy);
        }

        /** Returns the rank of the first example with the right intent, the largest number when there is none. */
        private int firstHit(Selection selection, int question) {
            return selection.selected().stream()
                    .filter(selected -> selected.example()
                            .expected()
                            .get(0)
                            .equals(questions.get(question).intent()))
                    .mapToInt(SelectedExample::rank)
                    .min()
                    .orElse(Integer.MAX_VALUE);
        }

        private double[] hits(Map<String, Map<Integer, double[]>> hits, String name, int k) {
            return hits.computeIfAbsent(name, rule -> new LinkedHashMap<>())
                    .computeIfAbsent(k, number -> new double[questions.size()]);
        }

        /** The questions are the same, so the differences are drawn by question. */
        private Figure difference(String name, double[] one, double[] other) {
            double[] differences = new double[one.length];
            for (int i = 0; i < one.length; i++) {
                differences[i] = one[i] - other[i];
            }
            return mean(name, differences);
        }

        private Figure mean(String name, double[] rows) {
            return new Figure(
                    set,
                    name,
                    sum(rows) / rows.length,
                    new Bootstrap(context.seed(), DRAWS)
                            .percentile(rows, drawn -> sum(drawn) / drawn.length, Figure.LEVEL),
                    rows.length);
        }

        private static double sum(double[] rows) {
            return Arrays.stream(rows).sum();
        }
    }
}
