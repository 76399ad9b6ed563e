package dev.llmlifecycle.retrieval.routing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import dev.llmlifecycle.retrieval.vector.internal.VectorMath;

/**
 * Groups of texts that are alike: agglomerative clustering with average linkage by the chain of nearest neighbours (F.
 * Murtagh, "A Survey of Recent Advances in Hierarchical Clustering Algorithms", Computer Journal 26, 1983), in
 * quadratic time and memory. Ties go to the earlier text, so equal input gives equal groups.
 */
final class Discovery {

    private static final VectorMath MATH = VectorMath.best();
    private static final int WORDS = 3;

    private Discovery() {}

    /** Returns the groups whose members are at least so similar on average, each in ascending order. */
    static List<int[]> groups(List<float[]> vectors, double least) {
        int count = vectors.size();
        float[][] similarity = new float[count][count];
        for (int i = 0; i < count; i++) {
            for (int j = i + 1; j < count; j++) {
                float[] vector = vectors.get(i);
                similarity[i][j] = MATH.dot(vector, 0, vectors.get(j), 0, vector.length);
                similarity[j][i] = similarity[i][j];
            }
        }
        int[] sizes = new int[count];
        Arrays.fill(sizes, 1);
        List<List<Integer>> members = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            members.add(new ArrayList<>(List.of(i)));
        }
        int[] chain = new int[count];
        int length = 0;
        // A group whose nearest is too far is done: with average linkage nothing that is merged later comes nearer.
        boolean[] done = new boolean[count];
        for (int start = 0; start < count; ) {
            if (length == 0) {
                while (start < count && (sizes[start] == 0 || done[start])) {
                    start++;
                }
                if (start == count) {
                    break;
                }
                chain[length++] = start;
            }
            int last = chain[length - 1];
            int before = length > 1 ? chain[length - 2] : -1;
            int nearest = before;
            for (int other = 0; other < count; other++) {
                if (other != last
                        && sizes[other] > 0
                        && !done[other]
                        && (nearest < 0 || similarity[last][other] > similarity[last][nearest])) {
                    nearest = other;
                }
            }
            if (nearest < 0 || similarity[last][nearest] < least) {
                done[last] = true;
                length = 0;
            } else if (nearest == before) {
                merge(last, before, similarity, sizes, members);
                length -= 2;
            } else {
                chain[length++] = nearest;
            }
        }
        return members.stream()
                .filter(group -> !group.isEmpty())
                .map(group ->
                        group.stream().mapToInt(Integer::intValue).sorted().toArray())
                .toList();
    }

    private static void merge(int a, int b, float[][] similarity, int[] sizes, List<List<Integer>> members) {
        int into = Math.min(a, b);
        int from = Math.max(a, b);
        float share = sizes[into] / (float) (sizes[into] + sizes[from]);
        for (int other = 0; other < sizes.length; other++) {
            if (sizes[other] > 0 && other != into && other != from) {
                float mean = share * similarity[into][other] + (1 - share) * similarity[from][other];
                similarity[into][other] = mean;
                similarity[other][into] = mean;
            }
        }
        sizes[into] += sizes[from];
        sizes[from] = 0;
        members.get(into).addAll(members.get(from));
        members.get(from).clear();
    }

    /** Names a group by the words that most of it has and others have not. */
    static String name(List<String> group, Map<String, Integer> documents, int texts) {
        Map<String, Integer> counts = new TreeMap<>();
        group.forEach(text -> new HashSet<>(Texts.words(text)).forEach(word -> counts.merge(word, 1, Integer::sum)));
        List<String> words = counts.keySet().stream()
                .sorted(Comparator.comparingDouble(
                                (String word) -> weight(counts, word, group.size(), documents, texts))
                        .reversed()
                        .thenComparing(Comparator.naturalOrder()))
                .limit(WORDS)
                .toList();
        return words.isEmpty() ? "unnamed" : String.join("-", words);
    }

    private static double weight(
            Map<String, Integer> counts, String word, int size, Map<String, Integer> documents, int texts) {
        double share = counts.getOrDefault(word, 0) / (double) size;
        return share * StrictMath.log((texts + 1.0) / (documents.getOrDefault(word, 0) + 0.5));
    }

    /** Counts in how many texts each word is. */
    static void count(List<String> texts, Map<String, Integer> documents) {
        for (String text : texts) {
            Set<String> words = new HashSet<>(Texts.words(text));
            words.forEach(word -> documents.merge(word, 1, Integer::sum));
        }
    }

    /** Describes a group. */
    static NewIntent describe(
            int[] group,
            List<String> texts,
            List<float[]> vectors,
            Map<String, Integer> documents,
            int counted,
            Calibrated calibrated) {
        float[] mean = new float[vectors.get(0).length];
        for (int member : group) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += vectors.get(member)[i];
            }
        }
        double length = Math.sqrt(MATH.dot(mean, 0, mean, 0, mean.length));
        for (int i = 0; i < mean.length && length > 0; i++) {
            mean[i] = (float) (mean[i] / length);
        }
        Map<Integer, Double> typical = new HashMap<>();
        double cohesion = 0;
        for (int member : group) {
            double similarity = MATH.dot(vectors.get(member), 0, mean, 0, mean.length);
            typical.put(member, similarity);
            cohesion += similarity / group.length;
        }
        List<String> questions = Arrays.stream(group)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer member) -> typical.getOrDefault(member, 0.0))
                        .reversed()
                        .thenComparing(Comparator.naturalOrder()))
                .map(texts::get)
                .toList();
        double[] centre = calibrated.evidences().of(mean).centre();
        int nearest = Softmax.best(centre);
        return new NewIntent(
                name(questions, documents, counted),
                questions,
                Math.max(-1, Math.min(1, cohesion)),
                calibrated.intents().get(nearest),
                centre[nearest]);
    }
}
