package dev.llmlifecycle.retrieval.cache;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.llmlifecycle.api.Incubating;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.identity.Identified;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.retrieval.vector.internal.VectorMath;

/**
 * Says of two questions whether one answer serves both, with a bound on how often that is wrong.
 *
 * <p>A pair that a {@link QuestionGuard} tells apart is refused. Another gets a probability, by logistic regression
 * over the cosine of its vectors and over the words that both have and that one of them has, and is accepted above a
 * threshold.
 *
 * <p>The regression is fitted to the pairs that are the same and to five sixteenths of those that differ, by the hash
 * of their first question. The other differing pairs set the threshold: the {@code k+1}-th largest probability among
 * those that pass the guards, where {@code k} is the most of them that still bound the error (one-sided, by Clopper and
 * Pearson; {@code k} depends on their number alone, so that looking at the data costs nothing). What is bounded with 95
 * % confidence is <strong>P(accepted | the two differ and pass the guards)</strong>, for pairs drawn like those given.
 * It is not the share of wrong answers among hits, which also depends on how often questions differ. At 1 % it takes
 * 299 such pairs to set the threshold.
 *
 * <p>Immutable. Thread-safe.
 *
 * @since 0.1
 */
@Incubating
public final class AcceptanceRule implements Identified {

    /** The confidence of the bound. */
    public static final double LEVEL = 0.95;

    /** Of the sixteen hexadecimal digits, five come before. */
    private static final char FIRST_TO_CALIBRATE = '5';

    private static final VectorMath MATH = VectorMath.best();

    private final LogisticFit fit;
    private final double threshold;
    private final double tolerated;
    private final long differing;
    private final long accepted;
    private final String modelName;

    AcceptanceRule(
            LogisticFit fit, double threshold, double tolerated, long differing, long accepted, String modelName) {
        this.fit = fit;
        this.threshold = threshold;
        this.tolerated = tolerated;
        this.differing = differing;
        this.accepted = accepted;
        this.modelName = modelName;
    }

    /**
     * Fits and calibrates a rule.
     *
     * @param pairs pairs like those that the cache will see: near questions, of which some share an answer
     * @param model embeds questions, the same as in the cache
     * @param tolerated the share of differing pairs that may be accepted, in (0, 1)
     * @return the rule
     * @throws IllegalArgumentException when too few pairs differ and pass the guards, or none are the same
     */
    public static AcceptanceRule calibrate(Collection<LabelledPair> pairs, EmbeddingModel model, double tolerated) {
        if (!(tolerated > 0 && tolerated < 1)) {
            throw new IllegalArgumentException(
                    "the tolerated error must be in (0, 1) but was " + tolerated + "; 0.01 tolerates one in a hundred");
        }
        Map<String, float[]> vectors = vectors(pairs, model);
        List<double[]> rows = new ArrayList<>();
        List<Boolean> labels = new ArrayList<>();
        List<double[]> held = new ArrayList<>();
        for (LabelledPair pair : pairs) {
            QuestionMarks one = QuestionMarks.of(pair.question());
            QuestionMarks other = QuestionMarks.of(pair.other());
            if (one.differs(other).isPresent()) {
                continue;
            }
            float[] a = vectors.get(pair.question());
            float[] b = vectors.get(pair.other());
            double[] features = PairFeatures.of(a == null || b == null ? 0 : cosine(a, b), one, other);
            boolean fits = pair.same() || Hash.ofUtf8(pair.question()).hex().charAt(0) < FIRST_TO_CALIBRATE;
            if (fits) {
                rows.add(features);
                labels.add(pair.same());
            } else {
                held.add(features);
            }
        }
        if (!labels.contains(true) || !labels.contains(false)) {
            throw new IllegalArgumentException("an acceptance rule needs pairs of both kinds to fit but "
                    + labels.size() + " of " + pairs.size()
                    + " pairs were to fit and passed the guards, none or all of one kind; label more");
        }
        long most = BinomialBound.most(held.size(), tolerated, LEVEL);
        if (most < 0) {
            throw new IllegalArgumentException("bounding the error by " + tolerated + " needs "
                    + BinomialBound.fewestTrials(tolerated, LEVEL)
                    + " pairs that differ and pass the guards to set the threshold but there were "
                    + held.size() + "; label more or tolerate more");
        }
        LogisticFit fit = LogisticFit.of(rows, labels);
        double[] scores = held.stream().mapToDouble(fit::probability).sorted().toArray();
        // The largest k scores may lie above; accepted is what lies strictly above the next.
        double threshold = most >= scores.length ? 0 : scores[scores.length - 1 - (int) most];
        long above =
                held.stream().filter(row -> fit.probability(row) > threshold).count();
        return new AcceptanceRule(fit, threshold, tolerated, held.size(), above, model.modelName());
    }

    /**
     * Says how likely one answer serves both questions, leaving the guards aside.
     *
     * @param similarity the cosine of their vectors, in [-1, 1]
     * @param question a question
     * @param other another
     * @return the probability that the regression gives, as if half of all pairs were the same; in (0, 1)
     */
    public double probability(double similarity, String question, String other) {
        return probability(similarity, QuestionMarks.of(question), QuestionMarks.of(other));
    }

    /**
     * Says whether one answer serves both questions.
     *
     * @param similarity the cosine of their vectors, in [-1, 1]
     * @param question a question
     * @param other another
     * @return true when no guard tells them apart and the probability is above the threshold
     */
    public boolean accepts(double similarity, String question, String other) {
        QuestionMarks one = QuestionMarks.of(question);
        QuestionMarks two = QuestionMarks.of(other);
        return one.differs(two).isEmpty() && accepts(similarity, one, two);
    }

    /**
     * Says whether no guard tells two questions apart.
     *
     * @param question a question
     * @param other another
     * @return whether they may share an answer as far as the guards see
     */
    public static boolean passesGuards(String question, String other) {
        return QuestionMarks.of(question).differs(QuestionMarks.of(other)).isEmpty();
    }

    /**
     * Bounds a share from above with 95 % confidence, one-sided (C. J. Clopper and E. S. Pearson, Biometrika 26, 1934).
     *
     * @param cases how often it happened, in [0, {@code trials}]
     * @param trials how often it could have, at least 1
     * @return the bound, in (0, 1]
     */
    public static double bound(long cases, long trials) {
        if (trials < 1 || cases < 0 || cases > trials) {
            throw new IllegalArgumentException("a bound needs 0 <= cases <= trials and trials >= 1 but got " + cases
                    + " of " + trials + "; check the counts");
        }
        return BinomialBound.upper(cases, trials, LEVEL);
    }

    /**
     * Returns what a probability must be above.
     *
     * @return in [0, 1]
     */
    public double threshold() {
        return threshold;
    }

    /**
     * Returns the tolerated share of differing pairs.
     *
     * @return in (0, 1)
     */
    public double tolerated() {
        return tolerated;
    }

    /**
     * Returns on how many pairs that differ and pass the guards the threshold was set.
     *
     * @return at least 1
     */
    public long differingPairs() {
        return differing;
    }

    /**
     * Returns the bound that holds with 95 % confidence.
     *
     * @return the upper bound of P(accepted | the two differ and pass the guards); at most the tolerated share
     */
    public double errorBound() {
        return BinomialBound.upper(accepted, differing, LEVEL);
    }

    /**
     * Returns the name of the model whose vectors it was calibrated on.
     *
     * @return as the model says
     */
    public String modelName() {
        return modelName;
    }

    @Override
    public Identity identity() {
        List<String> weights = fit.weights().stream().map(String::valueOf).toList();
        return Identity.of(
                "acceptance-rule",
                "1",
                Map.of("model", modelName, "threshold", Double.toString(threshold), "weights", weights));
    }

    boolean accepts(double similarity, QuestionMarks one, QuestionMarks other) {
        return probability(similarity, one, other) > threshold;
    }

    private double probability(double similarity, QuestionMarks one, QuestionMarks other) {
        return fit.probability(PairFeatures.of(similarity, one, other));
    }

    private static Map<String, float[]> vectors(Collection<LabelledPair> pairs, EmbeddingModel model) {
        Set<String> texts = new LinkedHashSet<>();
        pairs.forEach(pair -> {
            texts.add(pair.question());
            texts.add(pair.other());
        });
        List<TextSegment> segments = texts.stream().map(TextSegment::from).toList();
        if (segments.isEmpty()) {
            return Map.of();
        }
        List<Embedding> embeddings = model.embedAll(segments).content();
        if (embeddings.size() != segments.size()) {
            throw new LifecycleException("Embedding " + segments.size() + " questions gave " + embeddings.size()
                    + " vectors; check the embedding model");
        }
        Map<String, float[]> vectors = new HashMap<>();
        for (int i = 0; i < embeddings.size(); i++) {
            vectors.put(segments.get(i).text(), embeddings.get(i).vector());
        }
        return vectors;
    }

    private static double cosine(float[] a, float[] b) {
        double lengths = Math.sqrt((double) MATH.dot(a, 0, a, 0, a.length) * MATH.dot(b, 0, b, 0, b.length));
        return lengths == 0 ? 0 : MATH.dot(a, 0, b, 0, a.length) / lengths;
    }
}
