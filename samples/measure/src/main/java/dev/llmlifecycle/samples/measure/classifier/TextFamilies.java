package dev.llmlifecycle.samples.measure.classifier;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import dev.llmlifecycle.api.identity.Hash;

/**
 * Texts that were made from one another: two texts with a run of twelve words in common are of one family, and so are
 * all that hang together by such pairs. A family belongs on one side of a split as a whole.
 *
 * <p>Immutable.
 */
final class TextFamilies {

    private static final int RUN = 12;
    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{N}]+");

    private final List<String> keys;
    private final List<Integer> sizes;

    private TextFamilies(List<String> keys) {
        this.keys = keys;
        Map<String, Integer> counts = new HashMap<>();
        keys.forEach(key -> counts.merge(key, 1, Integer::sum));
        this.sizes = keys.stream().map(key -> counts.getOrDefault(key, 0)).toList();
    }

    static TextFamilies of(List<String> texts) {
        int[] parent = IntStream.range(0, texts.size()).toArray();
        Map<String, Integer> firstWith = new HashMap<>();
        for (int text = 0; text < texts.size(); text++) {
            for (String run : runs(texts.get(text))) {
                Integer other = firstWith.putIfAbsent(run, text);
                if (other != null) {
                    parent[root(parent, text)] = root(parent, other);
                }
            }
        }
        Map<Integer, String> least = new HashMap<>();
        for (int text = 0; text < texts.size(); text++) {
            least.merge(
                    root(parent, text),
                    Hash.ofUtf8(texts.get(text)).hex(),
                    (one, other) -> one.compareTo(other) <= 0 ? one : other);
        }
        int[] roots = parent;
        return new TextFamilies(IntStream.range(0, texts.size())
                .mapToObj(text -> least.getOrDefault(root(roots, text), ""))
                .toList());
    }

    /** Returns what the members of a family share and others do not: the least hash of their texts. */
    String key(int text) {
        return keys.get(text);
    }

    /** Returns how many texts its family has. */
    int size(int text) {
        return sizes.get(text);
    }

    /** A text of fewer words is one run. */
    private static List<String> runs(String text) {
        List<String> words = BETWEEN_WORDS
                .splitAsStream(text.strip().toLowerCase(Locale.ROOT))
                .toList();
        List<String> runs = new ArrayList<>();
        for (int i = 0; i == 0 || i + RUN <= words.size(); i++) {
            runs.add(String.join(" ", words.subList(i, Math.min(words.size(), i + RUN))));
        }
        return runs;
    }

    private static int root(int[] parent, int text) {
        int root = text;
        while (parent[root] != root) {
            parent[root] = parent[parent[root]];
            root = parent[root];
        }
        return root;
    }
}
