package dev.llmlifecycle.core.classify;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.llmlifecycle.api.data.Dataset;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.statistics.CalibrationError;
import dev.llmlifecycle.api.statistics.ConformalThreshold;
import dev.llmlifecycle.core.classify.Training.SuspectedError;
import org.jspecify.annotations.Nullable;

/**
 * Trains classifiers of texts on a host's own labels, in seconds and in process.
 *
 * <p>What it learns from are embeddings of any model, sequences of words and letters, or both. The learner is a
 * multinomial logistic regression; its regularisation is chosen, its probabilities calibrated and its limits set by
 * predictions for texts that the predicting model did not see. Equal texts, settings and seed give equal classifiers.
 *
 * <pre>{@code
 * TextClassifierTrainer trainer = TextClassifierTrainer.builder("intents")
 *         .embeddings("all-MiniLM-L6-v2-q", model)
 *         .build();
 * TrainedTextClassifier classifier = trainer.train(dataset, "intent").classifier();
 * Optional<String> intent = classifier.predict("I want my money back").label();
 * }</pre>
 *
 * <p>Training runs on the calling thread, and stops with a {@link dev.llmlifecycle.api.LifecycleException} when that is
 * interrupted; the flag stays set.
 *
 * <p>Immutable. Thread-safe.
 *
 * @since 0.1
 */
public final class TextClassifierTrainer {

    private static final int BINS = 15;
    private static final double MOST_WEIGHT = 20;
    private static final int LEAST_HELD = 20;

    private final String name;
    private final @Nullable NamedEmbeddings embeddings;
    private final Optional<NGrams> grams;
    private final boolean multiLabel;
    private final boolean balanced;
    private final Map<String, Double> labelWeights;
    private final double[] regularisation;
    private final int folds;
    private final double coverage;
    private final double rejects;
    private final int examplesPerLabel;
    private final boolean contradictions;
    private final long seed;
    private final Clock clock;

    private TextClassifierTrainer(Builder builder) {
        this.name = builder.name;
        this.embeddings = builder.embeddings;
        this.grams = builder.grams;
        this.multiLabel = builder.multiLabel;
        this.balanced = builder.balanced;
        this.labelWeights = Map.copyOf(builder.labelWeights);
        this.regularisation = builder.regularisation.clone();
        this.folds = builder.folds;
        this.coverage = builder.coverage;
        this.rejects = builder.rejects;
        this.examplesPerLabel = builder.examplesPerLabel;
        this.contradictions = builder.contradictions;
        this.seed = builder.seed;
        this.clock = builder.clock;
    }

    /**
     * Starts a trainer.
     *
     * @param name of the classifiers that it trains, which becomes that of their identity, never blank
     * @return a builder
     */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /**
     * Trains on the examples of a dataset.
     *
     * @param dataset the examples; those without the label are left out
     * @param label the name of the label to learn, such as {@code intent}
     * @return the classifier, with the examples whose label it doubts
     * @throws IllegalArgumentException when the examples cannot be learned from
     * @throws dev.llmlifecycle.api.LifecycleException when the embedding model fails or the thread is interrupted
     */
    public Training train(Dataset dataset, String label) {
        return train(multiLabel ? LabelledText.of(dataset, label, ',') : LabelledText.of(dataset, label));
    }

    /**
     * Trains on labelled texts.
     *
     * @param texts the texts with their labels; the order matters: texts of one label that stand together are taken to
     *     be of one origin, and judged by models that saw none of them
     * @return the classifier, with the texts whose label it doubts
     * @throws IllegalArgumentException when the texts cannot be learned from
     * @throws dev.llmlifecycle.api.LifecycleException when the embedding model fails or the thread is interrupted
     */
    public Training train(List<LabelledText> texts) {
        LabelledRows rows = rows(texts);
        LinearLearner learner = learner(rows);
        CrossFit crossFit = CrossFit.of(rows, learner, folds, regularisation);
        ScoreCalibration calibration =
                ScoreCalibration.fit(crossFit.scores(), rows.truths().toArray(int[][]::new), multiLabel);
        double[][] probabilities =
                Arrays.stream(crossFit.scores()).map(calibration::probabilities).toArray(double[][]::new);
        double[] strangeness = IntStream.range(0, rows.size())
                .mapToDouble(row -> TrainedTextClassifier.strangeness(
                        Arrays.stream(probabilities[row]).max().orElseThrow(), multiLabel, crossFit.known()[row]))
                .toArray();
        Settings settings = new Settings(
                rows.labels(),
                multiLabel,
                Optional.ofNullable(embeddings).map(NamedEmbeddings::name),
                rows.texts().dimension(),
                grams,
                calibration,
                coverage,
                leastProbability(rows, probabilities),
                Math.min(1, ConformalThreshold.of(strangeness, rejects).value()),
                0);
        int[] every = IntStream.range(0, rows.size()).toArray();
        FeatureSpace space = FeatureSpace.fit(rows.texts(), every);
        LinearWeights weights =
                learner.learn(rows.features(space), every, rows::truth, crossFit.regularisation(), space);
        Prototypes prototypes =
                Prototypes.of(rows.texts(), every, rows::truth, rows.labels().size());
        ModelCard card = card(rows, metrics(rows, probabilities, calibration, crossFit, settings));
        Blocks blocks = Blocks.of(card, settings, space, weights, prototypes, examples(rows, prototypes));
        return new Training(
                TrainedTextClassifier.of("classifier '" + name + "'", blocks, embeddings),
                multiLabel ? List.of() : suspects(rows, probabilities));
    }

    /**
     * Tries how accuracy grows with the number of texts. Costs about two trainings without cross-fitting.
     *
     * @param texts the texts with their labels
     * @return the curve
     * @throws IllegalArgumentException when the texts cannot be learned from, or are fewer than 40
     * @throws dev.llmlifecycle.api.LifecycleException when the embedding model fails or the thread is interrupted
     */
    public LearningCurve learningCurve(List<LabelledText> texts) {
        LabelledRows rows = rows(texts);
        LinearLearner learner = learner(rows);
        int[] fold = CrossFit.folds(rows, folds);
        int[] held =
                IntStream.range(0, rows.size()).filter(row -> fold[row] == 0).toArray();
        List<Integer> rest = new ArrayList<>(IntStream.range(0, rows.size())
                .filter(row -> fold[row] != 0)
                .boxed()
                .toList());
        if (held.length < LEAST_HELD / 2 || rows.size() < 2 * LEAST_HELD) {
            throw new IllegalArgumentException("Drawing the learning curve of classifier '" + name + "' needs at least "
                    + 2 * LEAST_HELD + " texts but got " + rows.size() + "; collect more first");
        }
        Collections.shuffle(rest, new Random(seed));
        int[] sizes = IntStream.of(8, 4, 2, 1)
                .map(part -> Math.max(2, rest.size() / part))
                .toArray();
        boolean[][] right = new boolean[sizes.length][held.length];
        double strength = regularisation[regularisation.length / 2];
        for (int i = 0; i < sizes.length; i++) {
            int[] part = rest.subList(0, sizes[i]).stream().mapToInt(row -> row).toArray();
            FeatureSpace space = FeatureSpace.fit(rows.texts(), part);
            List<Features> features = rows.features(space);
            LinearWeights weights = learner.learn(features, part, rows::truth, strength, space);
            for (int k = 0; k < held.length; k++) {
                float[] scores = weights.newScores();
                weights.score(features.get(held[k]), scores);
                right[i][k] = isRight(Arrays.copyOf(scores, rows.labels().size()), rows.truth(held[k]));
            }
        }
        return LearningCurve.of(sizes, right, seed);
    }

    private boolean isRight(float[] scores, int[] truth) {
        if (multiLabel) {
            int[] given =
                    IntStream.range(0, scores.length).filter(i -> scores[i] > 0).toArray();
            return Arrays.equals(given, truth);
        }
        int best = 0;
        for (int i = 1; i < scores.length; i++) {
            best = scores[i] > scores[best] ? i : best;
        }
        return best == truth[0];
    }

    private LabelledRows rows(List<LabelledText> given) {
        List<LabelledText> texts = List.copyOf(given);
        List<String> labels = texts.stream()
                .flatMap(text -> text.labels().stream())
                .distinct()
                .sorted()
                .toList();
        requireLearnable(texts, labels);
        Map<String, Integer> positions = new HashMap<>();
        labels.forEach(label -> positions.put(label, positions.size()));
        List<int[]> truths = texts.stream()
                .map(text ->
                        text.labels().stream().mapToInt(positions::get).sorted().toArray())
                .toList();
        List<String> plain = texts.stream().map(LabelledText::text).toList();
        int dimension = embeddings == null ? 0 : embeddings.model().dimension();
        Texts made = new Texts(
                embeddings == null ? List.of() : embeddings.embed(plain, dimension),
                grams.map(each -> plain.stream().map(each::count).toList()).orElse(List.of()),
                dimension,
                grams.map(NGrams::buckets).orElse(0));
        return new LabelledRows(texts, made, labels, truths, multiLabel);
    }

    private void requireLearnable(List<LabelledText> texts, List<String> labels) {
        if (!multiLabel) {
            for (int row = 0; row < texts.size(); row++) {
                if (texts.get(row).labels().size() != 1) {
                    throw refused(
                            "text " + row + " has " + texts.get(row).labels().size()
                                    + " labels; give each text one, or build the trainer with multiLabel()");
                }
            }
        }
        if (labels.size() < (multiLabel ? 1 : 2)) {
            throw refused("the " + texts.size() + " texts have "
                    + (labels.isEmpty() ? "no label" : "the one label '" + labels.get(0) + "'")
                    + "; there must be another to tell it from, so add texts of a second label");
        }
        Map<String, Set<String>> textsByLabel = new TreeMap<>();
        Map<String, Integer> rowsByLabel = new TreeMap<>();
        Map<String, Integer> firstRow = new HashMap<>();
        for (int row = 0; row < texts.size(); row++) {
            LabelledText text = texts.get(row);
            String key = LabelledRows.key(text.text());
            int first = firstRow.merge(key, row, (earlier, now) -> earlier);
            if (!multiLabel && !contradictions && !texts.get(first).labels().equals(text.labels())) {
                throw refused("texts " + first + " and " + row + " are the same but labelled '"
                        + texts.get(first).labels().get(0) + "' and '"
                        + text.labels().get(0) + "'; correct one, or build the trainer with allowContradictions()");
            }
            for (String label : text.labels()) {
                textsByLabel.computeIfAbsent(label, each -> new HashSet<>()).add(key);
                rowsByLabel.merge(label, 1, Integer::sum);
            }
        }
        textsByLabel.forEach((label, distinct) -> {
            if (distinct.size() < 2) {
                throw refused("label '" + label + "' has one distinct text; a label needs two, so that each can be"
                        + " judged by a model of the other, so add some or drop the label");
            }
            if (multiLabel && rowsByLabel.getOrDefault(label, 0) == texts.size()) {
                throw refused("label '" + label + "' is on all " + texts.size()
                        + " texts; add texts without it, or drop the label");
            }
        });
        labelWeights.keySet().forEach(label -> {
            if (!labels.contains(label)) {
                throw refused("there is a weight for label '" + label + "', which no text has; correct its name");
            }
        });
    }

    private IllegalArgumentException refused(String problem) {
        return new IllegalArgumentException("Training classifier '" + name + "': " + problem);
    }

    private LinearLearner learner(LabelledRows rows) {
        int labels = rows.labels().size();
        float[] weights = new float[labels];
        Arrays.fill(weights, 1);
        if (balanced) {
            int[] counts = new int[labels];
            rows.truths().forEach(truth -> Arrays.stream(truth).forEach(label -> counts[label]++));
            for (int label = 0; label < labels; label++) {
                weights[label] =
                        (float) Math.min(MOST_WEIGHT, rows.size() / ((double) labels * Math.max(1, counts[label])));
            }
        }
        labelWeights.forEach((label, weight) -> weights[rows.labels().indexOf(label)] = weight.floatValue());
        return new LinearLearner(name, labels, multiLabel, weights, seed);
    }

    /** Returns the probability that a right label falls below no more often than the coverage allows. */
    private double leastProbability(LabelledRows rows, double[][] probabilities) {
        double[] scores = IntStream.range(0, rows.size())
                .boxed()
                .flatMapToDouble(row -> Arrays.stream(rows.truth(row)).mapToDouble(label -> -probabilities[row][label]))
                .toArray();
        return Math.max(0, -ConformalThreshold.of(scores, 1 - coverage).value());
    }

    private Map<String, Double> metrics(
            LabelledRows rows,
            double[][] probabilities,
            ScoreCalibration calibration,
            CrossFit crossFit,
            Settings settings) {
        Map<String, Double> metrics = new TreeMap<>();
        metrics.put("regularisation", crossFit.regularisation());
        metrics.put("logLoss", calibration.loss(crossFit.scores(), rows.truths().toArray(int[][]::new)));
        metrics.put("coverage", coverage);
        metrics.put(
                "setSize",
                Arrays.stream(probabilities)
                        .mapToLong(row -> Arrays.stream(row)
                                .filter(p -> p >= settings.leastProbability())
                                .count())
                        .average()
                        .orElseThrow());
        if (multiLabel) {
            int labels = rows.labels().size();
            double[] all = new double[rows.size() * labels];
            boolean[] has = new boolean[all.length];
            int hit = 0;
            int given = 0;
            int actual = 0;
            for (int i = 0; i < all.length; i++) {
                all[i] = probabilities[i / labels][i % labels];
                has[i] = Arrays.binarySearch(rows.truth(i / labels), i % labels) >= 0;
                given += all[i] >= 0.5 ? 1 : 0;
                actual += has[i] ? 1 : 0;
                hit += has[i] && all[i] >= 0.5 ? 1 : 0;
            }
            metrics.put("microF1", given + actual == 0 ? 0 : 2.0 * hit / (given + actual));
            metrics.put("calibrationError", CalibrationError.expected(all, has, BINS));
        } else {
            double[] top = new double[rows.size()];
            boolean[] right = new boolean[rows.size()];
            int count = 0;
            for (int row = 0; row < top.length; row++) {
                top[row] = Arrays.stream(probabilities[row]).max().orElseThrow();
                right[row] = isRight(crossFit.scores()[row], rows.truth(row));
                count += right[row] ? 1 : 0;
            }
            metrics.put("accuracy", count / (double) top.length);
            metrics.put("calibrationError", CalibrationError.expected(top, right, BINS));
        }
        return metrics;
    }

    private ModelCard card(LabelledRows rows, Map<String, Double> metrics) {
        Map<String, Integer> rowsByLabel = new TreeMap<>();
        rows.rows().forEach(row -> row.labels().forEach(label -> rowsByLabel.merge(label, 1, Integer::sum)));
        return new ModelCard(
                name,
                clock.instant(),
                hash(rows.rows()),
                rows.size(),
                rowsByLabel,
                multiLabel,
                Optional.ofNullable(embeddings).map(NamedEmbeddings::name),
                rows.texts().dimension(),
                metrics,
                rows.rows().stream()
                        .map(row -> row.provenance().licence())
                        .distinct()
                        .sorted()
                        .toList(),
                seed);
    }

    private static Hash hash(List<LabelledText> texts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            for (LabelledText text : texts) {
                write(out, text.text());
                out.writeInt(text.labels().size());
                for (String label : text.labels()) {
                    write(out, label);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return Hash.ofBytes(bytes.toByteArray());
    }

    private static void write(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /** Keeps of each label the text nearest to its mean, then those farthest from what is kept. */
    private ExampleStore examples(LabelledRows rows, Prototypes prototypes) {
        List<String> texts = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        List<float[]> vectors = new ArrayList<>();
        for (int label = 0; label < rows.labels().size(); label++) {
            int own = label;
            List<Integer> members = new ArrayList<>(IntStream.range(0, rows.size())
                    .filter(row -> Arrays.binarySearch(rows.truth(row), own) >= 0)
                    .boxed()
                    .toList());
            for (int row : kept(members, rows.texts(), prototypes.mean(label))) {
                texts.add(ExampleStore.cut(rows.rows().get(row).text()));
                labels.add(label);
                vectors.add(rows.texts().embedding(row));
            }
        }
        return new ExampleStore(texts, labels, vectors);
    }

    private List<Integer> kept(List<Integer> members, Texts texts, float[] mean) {
        List<Integer> kept = new ArrayList<>();
        if (texts.dimension() == 0) {
            int wanted = Math.min(examplesPerLabel, members.size());
            for (int i = 0; i < wanted; i++) {
                kept.add(members.get((int) ((long) i * members.size() / wanted)));
            }
            return kept;
        }
        double[] distances = members.stream()
                .mapToDouble(row -> -squaredDistance(texts.embedding(row), mean))
                .toArray();
        while (kept.size() < Math.min(examplesPerLabel, members.size())) {
            int chosen = IntStream.range(0, members.size())
                    .boxed()
                    .max(Comparator.<Integer>comparingDouble(i -> distances[i])
                            .thenComparing(Comparator.reverseOrder()))
                    .orElseThrow();
            float[] vector = texts.embedding(members.get(chosen));
            boolean first = kept.isEmpty();
            kept.add(members.get(chosen));
            for (int i = 0; i < distances.length; i++) {
                double distance = squaredDistance(texts.embedding(members.get(i)), vector);
                distances[i] = first ? distance : Math.min(distances[i], distance);
            }
        }
        return kept;
    }

    private static double squaredDistance(float[] one, float[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            double difference = one[i] - other[i];
            sum += difference * difference;
        }
        return sum;
    }

    private static List<SuspectedError> suspects(LabelledRows rows, double[][] probabilities) {
        int labels = rows.labels().size();
        double[] usual = new double[labels];
        int[] counts = new int[labels];
        for (int row = 0; row < rows.size(); row++) {
            int given = rows.truth(row)[0];
            usual[given] += probabilities[row][given];
            counts[given]++;
        }
        for (int label = 0; label < labels; label++) {
            usual[label] /= counts[label];
        }
        List<SuspectedError> suspects = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            int given = rows.truth(row)[0];
            int suggested = -1;
            for (int label = 0; label < labels; label++) {
                boolean fits = label != given && probabilities[row][label] >= usual[label];
                if (fits && (suggested < 0 || probabilities[row][label] > probabilities[row][suggested])) {
                    suggested = label;
                }
            }
            if (suggested >= 0
                    && probabilities[row][given] < usual[given]
                    && probabilities[row][suggested] > probabilities[row][given]) {
                suspects.add(new SuspectedError(
                        row,
                        rows.rows().get(row).text(),
                        rows.labels().get(given),
                        rows.labels().get(suggested),
                        probabilities[row][given],
                        probabilities[row][suggested]));
            }
        }
        suspects.sort(Comparator.comparingDouble(
                        (SuspectedError each) -> each.givenProbability() - each.suggestedProbability())
                .thenComparingInt(SuspectedError::row));
        return suspects;
    }

    /** Builds a {@link TextClassifierTrainer}. Not thread-safe. */
    public static final class Builder {

        private static final int BUCKETS = 4_096;

        private final String name;
        private @Nullable NamedEmbeddings embeddings;
        private Optional<NGrams> grams = Optional.of(new NGrams(BUCKETS, 2, 3, 5));
        private boolean multiLabel;
        private boolean balanced;
        private final Map<String, Double> labelWeights = new TreeMap<>();
        private double[] regularisation = {0.3, 1, 3};
        private int folds = 4;
        private double coverage = 0.95;
        private double rejects = 0.05;
        private int examplesPerLabel = 3;
        private boolean contradictions;
        private long seed = 42;
        private Clock clock = Clock.systemUTC();

        private Builder(String name) {
            if (Objects.requireNonNull(name, "name").isBlank()) {
                throw new IllegalArgumentException("the name of a classifier is blank; name what it tells apart");
            }
            this.name = name;
        }

        /**
         * Learns from embeddings. Default: n-grams alone.
         *
         * @param modelName what tells the model from others; a classifier is read back only with a model of this name
         * @param model the model, not closed by the trainer
         * @return this builder
         */
        public Builder embeddings(String modelName, EmbeddingModel model) {
            this.embeddings = new NamedEmbeddings(modelName, model);
            return this;
        }

        /**
         * Sets which sequences are learned from. Default: up to 2 words, 3 to 5 letters inside a word, 4096 buckets.
         *
         * @param buckets into how many numbers sequences are hashed, a power of two from 16 to 1,048,576
         * @param words how many words a sequence has at most, up to 5; 0 for none
         * @param shortest how many letters a sequence of letters has at least
         * @param longest how many it has at most, up to 8; 0 for none
         * @return this builder
         */
        public Builder nGrams(int buckets, int words, int shortest, int longest) {
            this.grams = Optional.of(new NGrams(buckets, words, shortest, longest));
            return this;
        }

        /**
         * Learns from embeddings alone.
         *
         * @return this builder
         */
        public Builder withoutNGrams() {
            this.grams = Optional.empty();
            return this;
        }

        /**
         * Lets a text have any number of labels. Default: exactly one.
         *
         * @return this builder
         */
        public Builder multiLabel() {
            this.multiLabel = true;
            return this;
        }

        /**
         * Lets errors on rare labels count as much, in sum, as those on frequent ones; at most twentyfold. Default:
         * every text counts the same.
         *
         * @return this builder
         */
        public Builder balanced() {
            this.balanced = true;
            return this;
        }

        /**
         * Sets how much an error on a label counts. Default: 1, or what {@link #balanced} gives it.
         *
         * @param label the label
         * @param weight above 0, at most 20
         * @return this builder
         */
        public Builder labelWeight(String label, double weight) {
            if (!(weight > 0 && weight <= MOST_WEIGHT)) {
                throw new IllegalArgumentException("the weight of label '" + label + "' must be in (0, " + MOST_WEIGHT
                        + "] but was " + weight + "; 1 is usual");
            }
            labelWeights.put(Objects.requireNonNull(label, "label"), weight);
            return this;
        }

        /**
         * Sets how strongly weights are held small; of several strengths the best is chosen by texts that the model did
         * not see. Default: the best of 0.3, 1 and 3.
         *
         * @param strengths above 0, at least one
         * @return this builder
         */
        public Builder regularisation(double... strengths) {
            if (strengths.length == 0) {
                throw new IllegalArgumentException("regularisation has no strength to choose from; give at least one");
            }
            for (double strength : strengths) {
                if (!(strength > 0 && strength <= 1e6)) {
                    throw new IllegalArgumentException("a strength of regularisation must be in (0, 1000000] but was "
                            + strength + "; 1 is usual");
                }
            }
            this.regularisation = strengths.clone();
            return this;
        }

        /**
         * Sets into how many parts the texts are dealt, each judged by a model of the others. Default: 4.
         *
         * @param folds from 2 to 20
         * @return this builder
         */
        public Builder folds(int folds) {
            if (folds < 2 || folds > 20) {
                throw new IllegalArgumentException(
                        "a trainer needs from 2 to 20 folds but got " + folds + "; 4 is usual");
            }
            this.folds = folds;
            return this;
        }

        /**
         * Sets how often the conformal set has the right label. Default: 0.95.
         *
         * @param coverage in (0, 1)
         * @return this builder
         */
        public Builder coverage(double coverage) {
            this.coverage = requireShare(coverage, "the coverage of conformal sets", "0.95 is usual");
            return this;
        }

        /**
         * Sets on which share of texts like those of the training the classifier abstains as too strange. Default:
         * 0.05.
         *
         * @param share in (0, 1)
         * @return this builder
         */
        public Builder rejects(double share) {
            this.rejects = requireShare(share, "the share of rejected texts", "0.05 is usual");
            return this;
        }

        /**
         * Sets how many training texts of each label are kept in the classifier and its file, to show what a text
         * resembles. Default: 3.
         *
         * @param count from 0, which keeps no text, to 1000
         * @return this builder
         */
        public Builder examplesPerLabel(int count) {
            if (count < 0 || count > 1_000) {
                throw new IllegalArgumentException(
                        "a classifier keeps from 0 to 1000 examples of a label but got " + count + "; 3 is usual");
            }
            this.examplesPerLabel = count;
            return this;
        }

        /**
         * Accepts equal texts with different labels, as noise. Default: they are refused.
         *
         * @return this builder
         */
        public Builder allowContradictions() {
            this.contradictions = true;
            return this;
        }

        /**
         * Sets the seed of the order in which texts are learned. Default: 42.
         *
         * @param seed any number
         * @return this builder
         */
        public Builder seed(long seed) {
            this.seed = seed;
            return this;
        }

        /**
         * Sets the clock that dates the model card. Default: the system's, in UTC.
         *
         * @param clock the clock
         * @return this builder
         */
        public Builder clock(Clock clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Builds the trainer.
         *
         * @return the trainer
         * @throws IllegalArgumentException when there is nothing to learn from
         */
        public TextClassifierTrainer build() {
            if (embeddings == null && grams.isEmpty()) {
                throw new IllegalArgumentException("the trainer of classifier '" + name
                        + "' has neither embeddings nor n-grams; leave out withoutNGrams() or add embeddings(…)");
            }
            return new TextClassifierTrainer(this);
        }

        private static double requireShare(double value, String what, String remedy) {
            if (!(value > 0 && value < 1)) {
                throw new IllegalArgumentException(what + " must be in (0, 1) but was " + value + "; " + remedy);
            }
            return value;
        }
    }
}
