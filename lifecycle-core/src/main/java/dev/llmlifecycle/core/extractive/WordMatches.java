package dev.llmlifecycle.core.extractive;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.llmlifecycle.core.internal.text.Words;

/**
 * Which words of the question stand where, weighed by how few candidates have them.
 *
 * <p>A word that only begins alike (invent, invention) counts less.
 */
final class WordMatches {

    private static final double SAME_BEGINNING = 0.4;
    private static final int SHORTEST_BEGINNING = 4;
    private static final double LEAST_SHARE_OF_WORD = 0.6;

    private final double[] weights;
    private final double[][] inSentence;
    private final Map<Integer, double[]> inPassage = new HashMap<>();
    private final List<Candidate> candidates;

    WordMatches(Set<String> questionWords, List<Candidate> candidates) {
        this.candidates = candidates;
        List<String> asked = List.copyOf(questionWords);
        this.inSentence = new double[candidates.size()][];
        for (int i = 0; i < inSentence.length; i++) {
            Candidate candidate = candidates.get(i);
            inSentence[i] = matches(asked, candidate.words());
            double[] before = inPassage.computeIfAbsent(
                    candidate.passageRank(),
                    rank -> matches(asked, new HashSet<>(Words.content(candidate.headings()))));
            inPassage.put(candidate.passageRank(), greater(before, inSentence[i]));
        }
        this.weights = rarity(asked.size());
    }

    /** Returns the share of the question's weight that a sentence has. */
    double ofSentence(int i) {
        return share(inSentence[i]);
    }

    /** Returns how much that share grows with the sentence before, which may name what this one talks of. */
    double addedByPrevious(int i) {
        if (i == 0 || !candidates.get(i).follows(candidates.get(i - 1))) {
            return 0;
        }
        return share(greater(inSentence[i], inSentence[i - 1])) - share(inSentence[i]);
    }

    /** Returns the share that a passage has, with its headings. */
    double ofPassage(int rank) {
        return share(inPassage.getOrDefault(rank, new double[weights.length]));
    }

    private double[] rarity(int words) {
        double[] rarity = new double[words];
        double total = 0;
        for (int word = 0; word < words; word++) {
            int holding = 0;
            for (double[] sentence : inSentence) {
                holding += sentence[word] > 0 ? 1 : 0;
            }
            rarity[word] = Math.log(1 + inSentence.length / (1.0 + holding));
            total += rarity[word];
        }
        for (int word = 0; word < words; word++) {
            rarity[word] /= total;
        }
        return rarity;
    }

    private double share(double[] matches) {
        double share = 0;
        for (int word = 0; word < weights.length; word++) {
            share += weights[word] * matches[word];
        }
        return share;
    }

    private static double[] greater(double[] first, double[] second) {
        double[] greater = new double[first.length];
        for (int word = 0; word < greater.length; word++) {
            greater[word] = Math.max(first[word], second[word]);
        }
        return greater;
    }

    private static double[] matches(List<String> asked, Set<String> words) {
        double[] matches = new double[asked.size()];
        for (int word = 0; word < matches.length; word++) {
            matches[word] = match(asked.get(word), words);
        }
        return matches;
    }

    private static double match(String asked, Collection<String> words) {
        if (words.contains(asked)) {
            return 1;
        }
        boolean alike = !Words.isNumber(asked) && words.stream().anyMatch(word -> beginAlike(asked, word));
        return alike ? SAME_BEGINNING : 0;
    }

    private static boolean beginAlike(String first, String second) {
        int shorter = Math.min(first.length(), second.length());
        int same = 0;
        while (same < shorter && first.charAt(same) == second.charAt(same)) {
            same++;
        }
        return same >= SHORTEST_BEGINNING && same >= LEAST_SHARE_OF_WORD * Math.max(first.length(), second.length());
    }
}
