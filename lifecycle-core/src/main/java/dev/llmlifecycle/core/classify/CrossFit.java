package dev.llmlifecycle.core.classify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Scores of texts by models that did not see them, with the regularisation under which those are best.
 *
 * <p>A fold takes consecutive texts of each label (of several, the rarest), since neighbours often come from one writer
 * or one conversation, and equal texts are in one fold: a model is to be judged on texts that are new to it.
 *
 * @param scores one for each text and label
 * @param known how much each text is like those that its model was trained on
 * @param regularisation the best
 */
@SuppressWarnings("ArrayRecordComponent") // internal, never compared
record CrossFit(float[][] scores, double[] known, double regularisation) {

    /** Up to so many texts every candidate is tried on all folds, above on the first. */
    private static final int FEW = 5_000;

    static CrossFit of(LabelledRows rows, LinearLearner learner, int folds, double[] candidates) {
        int[] fold = folds(rows, folds);
        int size = rows.size();
        float[][][] scores = new float[candidates.length][size][];
        double[] known = new double[size];
        int best = candidates.length == 1 ? 0 : -1;
        for (int f = 0; f < folds; f++) {
            int current = f;
            int[] held =
                    IntStream.range(0, size).filter(row -> fold[row] == current).toArray();
            int[] rest =
                    IntStream.range(0, size).filter(row -> fold[row] != current).toArray();
            if (held.length == 0) {
                continue;
            }
            FeatureSpace space = FeatureSpace.fit(rows.texts(), rest);
            List<Features> features = rows.features(space);
            known(rows, rest, held, features, known);
            for (int c = 0; c < candidates.length; c++) {
                if (best < 0 || c == best) {
                    LinearWeights weights = learner.learn(features, rest, rows::truth, candidates[c], space);
                    for (int row : held) {
                        float[] padded = weights.newScores();
                        weights.score(features.get(row), padded);
                        scores[c][row] = Arrays.copyOf(padded, learner.labels());
                    }
                }
            }
            if (best < 0 && size > FEW) {
                best = best(rows, held, scores);
            }
        }
        if (best < 0) {
            best = best(rows, IntStream.range(0, size).toArray(), scores);
        }
        return new CrossFit(scores[best], known, candidates[best]);
    }

    private static void known(LabelledRows rows, int[] rest, int[] held, List<Features> features, double[] known) {
        Prototypes prototypes =
                Prototypes.of(rows.texts(), rest, rows::truth, rows.labels().size());
        for (int row : held) {
            known[row] = prototypes.known(rows.texts().embedding(row), features.get(row));
        }
    }

    /** Returns the candidate whose calibrated scores find the truth most likely. */
    private static int best(LabelledRows rows, int[] held, float[][][] scores) {
        int best = 0;
        double least = Double.MAX_VALUE;
        for (int c = 0; c < scores.length; c++) {
            float[][] own = new float[held.length][];
            int[][] truth = new int[held.length][];
            for (int i = 0; i < held.length; i++) {
                own[i] = scores[c][held[i]];
                truth[i] = rows.truth(held[i]);
            }
            double loss = ScoreCalibration.fit(own, truth, rows.multiLabel()).loss(own, truth);
            if (loss < least) {
                least = loss;
                best = c;
            }
        }
        return best;
    }

    /** Gives each text a fold. */
    static int[] folds(LabelledRows rows, int folds) {
        int[] counts = new int[rows.labels().size()];
        for (int row = 0; row < rows.size(); row++) {
            for (int label : rows.truth(row)) {
                counts[label]++;
            }
        }
        Map<Integer, List<Integer>> byLabel = new TreeMap<>();
        for (int row = 0; row < rows.size(); row++) {
            byLabel.computeIfAbsent(rarest(rows.truth(row), counts), label -> new ArrayList<>())
                    .add(row);
        }
        int[] fold = new int[rows.size()];
        Map<String, Integer> foldOfText = new HashMap<>();
        byLabel.forEach((label, members) -> {
            // Only distinct texts are dealt out, so that a label with two of them is in two folds.
            Map<String, List<Integer>> distinct = new LinkedHashMap<>();
            members.forEach(row -> distinct.computeIfAbsent(rows.key(row), key -> new ArrayList<>())
                    .add(row));
            int next = 0;
            for (Map.Entry<String, List<Integer>> entry : distinct.entrySet()) {
                int own = (int) ((long) next * folds / distinct.size() + Math.floorMod(label, folds)) % folds;
                int chosen = foldOfText.computeIfAbsent(entry.getKey(), key -> own);
                entry.getValue().forEach(row -> fold[row] = chosen);
                next++;
            }
        });
        return fold;
    }

    /** Returns the label that the fewest texts have, or -1 for a text without labels. */
    private static int rarest(int[] truth, int[] counts) {
        int rarest = -1;
        for (int label : truth) {
            if (rarest < 0 || counts[label] < counts[rarest]) {
                rarest = label;
            }
        }
        return rarest;
    }
}
