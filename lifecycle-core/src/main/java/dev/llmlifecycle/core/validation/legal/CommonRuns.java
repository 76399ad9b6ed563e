package dev.llmlifecycle.core.validation.legal;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Finds which runs of an answer's words stand in a source, in time and memory linear in both, whatever is repeated in
 * them.
 *
 * <p>A suffix automaton of the source's words (Blumer et al., "The smallest automaton recognizing the subwords of a
 * text", 1985) is read along the answer: at each word it has the length of the longest run that ends there and stands
 * in the source. Words of the source that the answer does not have cannot be part of a run; a series of them is one
 * word, so that the automaton is small where little is copied. An automaton is exact, so no match needs to be verified.
 */
final class CommonRuns {

    private static final int FOREIGN = 0;

    private final int[] ids;
    private final Map<String, Integer> idOf;

    private CommonRuns(int[] ids, Map<String, Integer> idOf) {
        this.ids = ids;
        this.idOf = idOf;
    }

    static CommonRuns of(WordSequence answer) {
        Map<String, Integer> idOf = new HashMap<>();
        int[] ids = new int[answer.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = idOf.computeIfAbsent(answer.word(i), word -> idOf.size() + 1);
        }
        return new CommonRuns(ids, idOf);
    }

    /** Returns for each word of the answer how many words, up to it, stand together in the source. */
    int[] lengths(WordSequence source) {
        Automaton automaton = new Automaton(known(source));
        int[] lengths = new int[ids.length];
        int state = 0;
        int length = 0;
        for (int i = 0; i < ids.length; i++) {
            int next = automaton.next(state, ids[i]);
            while (next < 0 && state != 0) {
                state = automaton.link[state];
                length = automaton.longest[state];
                next = automaton.next(state, ids[i]);
            }
            if (next >= 0) {
                state = next;
                length++;
            } else {
                length = 0;
            }
            lengths[i] = length;
        }
        return lengths;
    }

    private int[] known(WordSequence source) {
        int[] known = new int[source.size()];
        int size = 0;
        for (int i = 0; i < source.size(); i++) {
            int id = idOf.getOrDefault(source.word(i), FOREIGN);
            if (id != FOREIGN || size == 0 || known[size - 1] != FOREIGN) {
                known[size++] = id;
            }
        }
        return Arrays.copyOf(known, size);
    }

    /** A suffix automaton over numbers, with its edges in one table. */
    private static final class Automaton {

        private static final int NONE = -1;

        private final int[] link;
        private final int[] longest;
        private final int[] firstEdge;
        private int[] nextEdge;
        private int[] edgeWord;
        private int[] edgeTo;
        private int[] edgeFrom;
        private int[] table;
        private int states = 1;
        private int edges;
        private int last;

        Automaton(int[] words) {
            int most = Math.max(1, 2 * words.length);
            link = new int[most];
            longest = new int[most];
            firstEdge = new int[most];
            Arrays.fill(firstEdge, NONE);
            link[0] = NONE;
            int expected = Math.max(4, 2 * words.length);
            nextEdge = new int[expected];
            edgeWord = new int[expected];
            edgeTo = new int[expected];
            edgeFrom = new int[expected];
            table = new int[Integer.highestOneBit(expected) * 4];
            Arrays.fill(table, NONE);
            for (int word : words) {
                append(word);
            }
        }

        private void append(int word) {
            int state = states++;
            longest[state] = longest[last] + 1;
            int from = last;
            while (from != NONE && edge(from, word) == NONE) {
                add(from, word, state);
                from = link[from];
            }
            if (from == NONE) {
                link[state] = 0;
            } else {
                int to = edgeTo[edge(from, word)];
                link[state] = longest[to] == longest[from] + 1 ? to : split(from, word, to);
            }
            last = state;
        }

        private int split(int first, int word, int to) {
            int copy = states++;
            longest[copy] = longest[first] + 1;
            link[copy] = link[to];
            for (int edge = firstEdge[to]; edge != NONE; edge = nextEdge[edge]) {
                add(copy, edgeWord[edge], edgeTo[edge]);
            }
            for (int from = first; from != NONE; from = link[from]) {
                int edge = edge(from, word);
                if (edge == NONE || edgeTo[edge] != to) {
                    break;
                }
                edgeTo[edge] = copy;
            }
            link[to] = copy;
            return copy;
        }

        int next(int state, int word) {
            int edge = edge(state, word);
            return edge == NONE ? NONE : edgeTo[edge];
        }

        private int edge(int state, int word) {
            int slot = slot(state, word);
            while (table[slot] != NONE) {
                int edge = table[slot];
                if (edgeFrom[edge] == state && edgeWord[edge] == word) {
                    return edge;
                }
                slot = (slot + 1) & (table.length - 1);
            }
            return NONE;
        }

        private int slot(int state, int word) {
            int mixed = state * 0x9E3779B9 + word * 0x85EBCA6B;
            mixed ^= mixed >>> 15;
            mixed *= 0x2C1B3C6D;
            return (mixed ^ (mixed >>> 13)) & (table.length - 1);
        }

        private void add(int from, int word, int to) {
            if (edges == edgeTo.length) {
                grow();
            }
            int edge = edges++;
            edgeFrom[edge] = from;
            edgeWord[edge] = word;
            edgeTo[edge] = to;
            nextEdge[edge] = firstEdge[from];
            firstEdge[from] = edge;
            enter(edge);
        }

        private void enter(int edge) {
            int slot = slot(edgeFrom[edge], edgeWord[edge]);
            while (table[slot] != NONE) {
                slot = (slot + 1) & (table.length - 1);
            }
            table[slot] = edge;
        }

        private void grow() {
            int size = edges * 2;
            nextEdge = Arrays.copyOf(nextEdge, size);
            edgeWord = Arrays.copyOf(edgeWord, size);
            edgeTo = Arrays.copyOf(edgeTo, size);
            edgeFrom = Arrays.copyOf(edgeFrom, size);
            table = new int[table.length * 2];
            Arrays.fill(table, NONE);
            for (int edge = 0; edge < edges; edge++) {
                enter(edge);
            }
        }
    }
}
