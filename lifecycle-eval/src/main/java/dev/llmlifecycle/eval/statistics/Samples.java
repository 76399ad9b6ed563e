package dev.llmlifecycle.eval.statistics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Checks and groups what comes in. */
final class Samples {

    private Samples() {}

    /** Refuses samples that are too small or hold something other than numbers. */
    static void require(double[] values, int least, String what) {
        if (values.length < least) {
            throw new IllegalArgumentException(
                    what + " needs at least " + least + " values but got " + values.length + "; collect more rows");
        }
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                throw new IllegalArgumentException(what + " needs finite numbers but value " + i + " is " + values[i]
                        + "; leave that row out or score it");
            }
        }
    }

    static void requireShare(double value, String what) {
        if (!(value > 0 && value < 1)) {
            throw new IllegalArgumentException(
                    what + " must be in (0, 1) but was " + value + "; 0.05 is five per cent");
        }
    }

    static void requireSameLength(int first, int second, String what) {
        if (first != second) {
            throw new IllegalArgumentException(what + " needs lists of one length but got " + first + " and " + second
                    + "; match them row by row");
        }
    }

    /** Returns the positions that share a key, in the order in which keys and positions first stand. */
    static Map<String, int[]> positions(List<String> keys) {
        Map<String, List<Integer>> lists = new LinkedHashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            lists.computeIfAbsent(keys.get(i), key -> new ArrayList<>()).add(i);
        }
        Map<String, int[]> positions = new LinkedHashMap<>();
        lists.forEach((key, list) ->
                positions.put(key, list.stream().mapToInt(Integer::intValue).toArray()));
        return positions;
    }
}
