package dev.llmlifecycle.samples.measure.hybrid;

import java.util.SplittableRandom;

/** Slips of the hand. */
final class Misspelling {

    private static final int SHORTEST = 4;

    private Misspelling() {}

    /** Swaps two neighbouring letters of the longest word, not the first; a question of short words stays. */
    static String of(String question, SplittableRandom random) {
        int best = 0;
        int length = 0;
        int start = 0;
        for (int i = 0; i <= question.length(); i++) {
            if (i == question.length() || !Character.isLetter(question.charAt(i))) {
                if (i - start > length) {
                    best = start;
                    length = i - start;
                }
                start = i + 1;
            }
        }
        if (length < SHORTEST) {
            return question;
        }
        int place = best + 1 + random.nextInt(length - 2);
        return question.substring(0, place)
                + question.charAt(place + 1)
                + question.charAt(place)
                + question.substring(place + 2);
    }
}
