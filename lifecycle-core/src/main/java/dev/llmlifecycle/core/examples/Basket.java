package dev.llmlifecycle.core.examples;

import java.util.ArrayList;
import java.util.List;

/** What is chosen so far, and what room is left. */
final class Basket {

    private final Choice choice;
    private final List<Pick> picks = new ArrayList<>();
    private int left;

    Basket(Choice choice) {
        this.choice = choice;
        this.left = choice.budget();
    }

    /**
     * A row that is chosen.
     *
     * @param row its number
     * @param gain what it added
     */
    record Pick(int row, double gain) {}

    boolean fits(int row) {
        return picks.size() < choice.most() && choice.tokens(row) <= left;
    }

    void add(int row, double gain) {
        picks.add(new Pick(row, gain));
        left -= choice.tokens(row);
    }

    /** Tells whether no example can be added, whichever it is. */
    boolean full() {
        return picks.size() >= choice.most() || choice.pool().fewestTokens() > left;
    }

    int size() {
        return picks.size();
    }

    List<Pick> picks() {
        return picks;
    }
}
