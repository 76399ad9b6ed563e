package dev.llmlifecycle.core.classify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.classify.Classification;
import dev.llmlifecycle.api.classify.Explanation;
import dev.llmlifecycle.api.classify.Explanation.Contribution;
import dev.llmlifecycle.api.classify.Explanation.Neighbour;
import dev.llmlifecycle.api.classify.LabelProbability;
import dev.llmlifecycle.api.classify.TextClassifier;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.core.internal.DurableFiles;
import org.jspecify.annotations.Nullable;

/**
 * A classifier that was trained by a {@link TextClassifierTrainer}, or read from its file.
 *
 * <p>Its predictions are the same before and after it was saved, and on every platform. A text is known by its first
 * 20,000 characters.
 *
 * <p>Immutable. Thread-safe.
 *
 * @since 0.1
 */
public final class TrainedTextClassifier implements TextClassifier {

    private static final int MOST_CONTRIBUTIONS = 10;
    private static final int MOST_NEIGHBOURS = 5;
    private static final String EMBEDDING = "(embedding)";
    private static final float[] NONE = new float[0];

    private final Blocks blocks;
    private final ModelCard card;
    private final Settings settings;
    private final @Nullable NamedEmbeddings embeddings;
    private final FeatureSpace space;
    private final LinearWeights weights;
    private final Prototypes prototypes;
    private final ExampleStore examples;
    private final List<Features> exampleFeatures;
    private final Identity identity;

    private TrainedTextClassifier(Blocks blocks, @Nullable NamedEmbeddings embeddings) {
        this.blocks = blocks;
        this.card = blocks.card();
        this.settings = blocks.settings();
        this.embeddings = embeddings;
        this.space = blocks.space(settings);
        this.weights = blocks.weights(settings, space);
        this.prototypes = blocks.prototypes(settings);
        this.examples = blocks.examples(settings);
        this.exampleFeatures = examples.texts().stream()
                .map(text -> space.features(new float[settings.dimension()], counts(text)))
                .toList();
        this.identity = new Identity(card.name(), "1", blocks.hash());
    }

    /** Builds a classifier, refusing another embedding model than that of its training. */
    static TrainedTextClassifier of(String source, Blocks blocks, @Nullable NamedEmbeddings embeddings) {
        Settings settings = blocks.settings();
        String wanted = settings.embeddingModel()
                .map(name -> "the embedding model '" + name + "' of " + settings.dimension() + " dimensions")
                .orElse("no embedding model");
        String given = embeddings == null
                ? "none"
                : "'" + embeddings.name() + "' of " + embeddings.model().dimension() + " dimensions";
        boolean fits = embeddings == null
                ? settings.embeddingModel().isEmpty()
                : settings.embeddingModel().filter(embeddings.name()::equals).isPresent()
                        && embeddings.model().dimension() == settings.dimension();
        if (!fits) {
            throw new IllegalArgumentException("Reading " + source + " found a classifier that was trained with "
                    + wanted + " but got " + given + "; give it that one, or train again with the other");
        }
        return new TrainedTextClassifier(blocks, embeddings);
    }

    /**
     * Reads a classifier of n-grams alone.
     *
     * @param file what {@link #save} wrote
     * @return the classifier
     * @throws IllegalArgumentException when it was trained with an embedding model
     * @throws LifecycleException when the file cannot be read, is damaged or of a newer version
     */
    public static TrainedTextClassifier load(Path file) {
        return read(file.toString(), bytes(file), null);
    }

    /**
     * Reads a classifier that was trained with an embedding model.
     *
     * @param file what {@link #save} wrote
     * @param modelName the name of the embedding model, as it was given to the trainer
     * @param model the embedding model, not closed by the classifier
     * @return the classifier
     * @throws IllegalArgumentException when it was trained with another model, or with none
     * @throws LifecycleException when the file cannot be read, is damaged or of a newer version
     */
    public static TrainedTextClassifier load(Path file, String modelName, EmbeddingModel model) {
        return read(file.toString(), bytes(file), new NamedEmbeddings(modelName, model));
    }

    static TrainedTextClassifier read(String source, byte[] bytes, @Nullable NamedEmbeddings embeddings) {
        return of(source, new Blocks(source, ClassifierFile.decode(source, bytes)), embeddings);
    }

    /**
     * Writes the classifier to a file, replacing it as a whole or not at all.
     *
     * @param file the file
     * @throws LifecycleException when it cannot be written
     */
    public void save(Path file) {
        DurableFiles.write(file, toBytes());
    }

    byte[] toBytes() {
        return ClassifierFile.encode(blocks.content());
    }

    /**
     * Returns the same classifier with other limits for abstaining. It has another identity.
     *
     * @param strangeAbove abstain when {@link Classification#outOfDistribution} is above; 1 for never
     * @param unsureBelow abstain when the first label is less probable; 0 for never
     * @return a new classifier
     */
    public TrainedTextClassifier abstaining(double strangeAbove, double unsureBelow) {
        requireShare(strangeAbove, "the out-of-distribution score above which");
        requireShare(unsureBelow, "the probability below which");
        return new TrainedTextClassifier(blocks.with(settings.abstaining(strangeAbove, unsureBelow)), embeddings);
    }

    /**
     * Returns what the classifier was made of and how good it is.
     *
     * @return the card that is kept in the file
     */
    public ModelCard card() {
        return card;
    }

    /**
     * Returns the out-of-distribution score above which the classifier abstains.
     *
     * @return in [0, 1]
     */
    public double strangeAbove() {
        return settings.strangeAbove();
    }

    @Override
    public Identity identity() {
        return identity;
    }

    @Override
    public List<String> labels() {
        return settings.labels();
    }

    @Override
    public Classification predict(String text) {
        return predictAll(List.of(text)).get(0);
    }

    @Override
    public List<Classification> predictAll(List<String> texts) {
        List<float[]> vectors = embed(texts);
        return IntStream.range(0, texts.size())
                .mapToObj(i -> predict(vectors.get(i), texts.get(i)))
                .toList();
    }

    @Override
    public Explanation explain(String text) {
        float[] vector = embed(List.of(text)).get(0);
        NGrams.Counts counts = counts(text);
        Features features = space.features(vector, counts);
        double[] probabilities = probabilities(features);
        int best = best(probabilities);
        return new Explanation(
                settings.labels().get(best), contributions(text, features, best), nearest(vector, features));
    }

    /** Classifies a text whose embedding is known, of length one or without an embedding model empty. */
    Classification predict(float[] vector, String text) {
        Features features = space.features(vector, counts(text));
        double[] probabilities = probabilities(features);
        double top = probabilities[best(probabilities)];
        double strange = strangeness(top, settings.multiLabel(), prototypes.known(vector, features));
        List<LabelProbability> ranking = ranking(probabilities);
        boolean abstained = strange > settings.strangeAbove() || top < settings.unsureBelow();
        List<String> labels = abstained ? List.of() : given(ranking);
        List<String> conformal = ranking.stream()
                .filter(each -> each.probability() >= settings.leastProbability())
                .map(LabelProbability::label)
                .toList();
        return new Classification(ranking, labels, conformal, strange, abstained);
    }

    /** Combines how sure a classifier is with how much the text is like those of the training. */
    static double strangeness(double top, boolean multiLabel, double known) {
        double familiar = multiLabel ? known : StrictMath.sqrt(top) * known;
        return Math.min(1, Math.max(0, 1 - familiar));
    }

    private List<String> given(List<LabelProbability> ranking) {
        if (!settings.multiLabel()) {
            return List.of(ranking.get(0).label());
        }
        return ranking.stream()
                .filter(each -> each.probability() >= 0.5)
                .map(LabelProbability::label)
                .toList();
    }

    private double[] probabilities(Features features) {
        float[] scores = weights.newScores();
        weights.score(features, scores);
        return settings.calibration().probabilities(Arrays.copyOf(scores, weights.labels()));
    }

    private List<LabelProbability> ranking(double[] probabilities) {
        List<LabelProbability> ranking = new ArrayList<>(probabilities.length);
        for (int label = 0; label < probabilities.length; label++) {
            ranking.add(new LabelProbability(settings.labels().get(label), probabilities[label]));
        }
        // Labels are in their order, and the sort keeps the order of what is equal.
        ranking.sort((one, other) -> Double.compare(other.probability(), one.probability()));
        return ranking;
    }

    private List<Contribution> contributions(String text, Features features, int label) {
        List<Contribution> contributions = new ArrayList<>();
        if (settings.dimension() > 0) {
            double sum = 0;
            for (int i = 0; i < features.embedding().length; i++) {
                sum += features.embedding()[i] * over(i, label);
            }
            contributions.add(new Contribution(EMBEDDING, sum));
        }
        if (settings.grams().isPresent()) {
            Map<Integer, Double> byBucket = new HashMap<>();
            for (int i = 0; i < features.buckets().length; i++) {
                int bucket = features.buckets()[i];
                byBucket.put(bucket, features.values()[i] * over(weights.rowOf(bucket), label));
            }
            settings.grams().get().named(text).forEach((words, buckets) -> {
                double sum = 0;
                for (int bucket : buckets) {
                    sum += byBucket.getOrDefault(bucket, 0.0);
                }
                if (sum != 0) {
                    contributions.add(new Contribution(words, sum));
                }
            });
        }
        contributions.sort(Comparator.comparingDouble((Contribution each) -> -Math.abs(each.weight()))
                .thenComparing(Contribution::feature));
        return contributions.subList(0, Math.min(MOST_CONTRIBUTIONS, contributions.size()));
    }

    /** Returns the weight of a label, where labels exclude each other over the mean of all. */
    private double over(int row, int label) {
        if (settings.multiLabel()) {
            return weights.get(row, label);
        }
        double sum = 0;
        for (int i = 0; i < weights.labels(); i++) {
            sum += weights.get(row, i);
        }
        return weights.get(row, label) - sum / weights.labels();
    }

    private List<Neighbour> nearest(float[] vector, Features features) {
        List<Neighbour> neighbours = new ArrayList<>();
        for (int i = 0; i < examples.texts().size(); i++) {
            double similarity = settings.dimension() > 0
                    ? cosine(vector, examples.embeddings().get(i))
                    : cosine(features, exampleFeatures.get(i));
            neighbours.add(new Neighbour(
                    examples.texts().get(i),
                    settings.labels().get(examples.labels().get(i)),
                    similarity));
        }
        neighbours.sort(Comparator.comparingDouble((Neighbour each) -> -each.similarity())
                .thenComparing(Neighbour::text)
                .thenComparing(Neighbour::label));
        return neighbours.subList(0, Math.min(MOST_NEIGHBOURS, neighbours.size()));
    }

    private static double cosine(float[] one, float[] other) {
        double product = 0;
        double squares = 0;
        double otherSquares = 0;
        for (int i = 0; i < one.length; i++) {
            product += one[i] * other[i];
            squares += one[i] * one[i];
            otherSquares += other[i] * other[i];
        }
        double lengths = StrictMath.sqrt(squares * otherSquares);
        return lengths == 0 ? 0 : Math.max(-1, Math.min(1, product / lengths));
    }

    private static double cosine(Features one, Features other) {
        double product = 0;
        int next = 0;
        for (int i = 0; i < one.buckets().length; i++) {
            while (next < other.buckets().length && other.buckets()[next] < one.buckets()[i]) {
                next++;
            }
            if (next < other.buckets().length && other.buckets()[next] == one.buckets()[i]) {
                product += one.values()[i] * other.values()[next];
            }
        }
        double lengths = StrictMath.sqrt(square(one.values()) * square(other.values()));
        return lengths == 0 ? 0 : Math.min(1, product / lengths);
    }

    private static double square(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value * value;
        }
        return sum;
    }

    private static int best(double[] probabilities) {
        int best = 0;
        for (int label = 1; label < probabilities.length; label++) {
            if (probabilities[label] > probabilities[best]) {
                best = label;
            }
        }
        return best;
    }

    private List<float[]> embed(List<String> texts) {
        return embeddings == null
                ? Collections.nCopies(texts.size(), NONE)
                : embeddings.embed(texts, settings.dimension());
    }

    private NGrams.Counts counts(String text) {
        return settings.grams().map(grams -> grams.count(text)).orElse(NGrams.Counts.NONE);
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new LifecycleException(
                    "Reading classifier " + file + " failed (" + e.getClass().getSimpleName()
                            + "); check that it is there and its permissions",
                    e);
        }
    }

    private static void requireShare(double value, String what) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(
                    what + " a classifier abstains must be in [0, 1] but was " + value + "; take one of that range");
        }
    }
}
