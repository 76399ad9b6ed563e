package dev.llmlifecycle.eval.junit;

import java.util.ArrayList;
import java.util.List;

/**
 * Where two texts differ, word by word: {@code [-gone-]} and {@code {+come+}}, by a longest common subsequence. Texts
 * of more than {@value #LONGEST} words are cut there.
 */
final class WordDiff {

    private static final int LONGEST = 400;

    private WordDiff() {}

    static String between(String expected, String given) {
        List<String> before = words(expected);
        List<String> after = words(given);
        int[][] common = new int[before.size() + 1][after.size() + 1];
        for (int i = before.size() - 1; i >= 0; i--) {
            for (int j = after.size() - 1; j >= 0; j--) {
                common[i][j] = before.get(i).equals(after.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        List<String> shown = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < before.size() || j < after.size()) {
            if (i < before.size() && j < after.size() && before.get(i).equals(after.get(j))) {
                shown.add(before.get(i++));
                j++;
            } else if (j == after.size() || (i < before.size() && common[i + 1][j] >= common[i][j + 1])) {
                shown.add("[-" + before.get(i++) + "-]");
            } else {
                shown.add("{+" + after.get(j++) + "+}");
            }
        }
        return "  diff      " + String.join(" ", shown) + "\n";
    }

    private static List<String> words(String text) {
        List<String> words = text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
        return words.size() <= LONGEST ? words : words.subList(0, LONGEST);
    }
}
