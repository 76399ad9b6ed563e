package dev.llmlifecycle.eval.junit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decides by the comparison with a baseline, pair by pair. Not thread-safe. */
final class BaselineDecision implements Decision {

    private final BaselineRule rule;
    private final List<String> ids;
    private final PassResults before;
    private final boolean stops;
    private final List<String> gained = new ArrayList<>();
    private final List<String> lost = new ArrayList<>();
    private int pairs;
    private int mayGain;
    private int mayLose;

    /** Compares the cases of these ids, in the order of the run; throws where one is missing on a side. */
    BaselineDecision(BaselineRule rule, PassResults before, List<String> ids, Stopping stopping) {
        PassResults.requireSameExamples(ids, before.byExample().keySet());
        this.rule = rule;
        this.ids = List.copyOf(ids);
        this.before = before;
        this.stops = stopping != Stopping.NEVER;
        this.pairs = ids.size();
        this.mayLose = before.passed();
        this.mayGain = pairs - mayLose;
    }

    @Override
    public void add(int position, CaseStatus status) {
        String id = ids.get(position);
        boolean had = passedBefore(id);
        mayLose -= had ? 1 : 0;
        mayGain -= had ? 0 : 1;
        if (status == CaseStatus.SKIPPED) {
            pairs--;
        } else if (status == CaseStatus.PASSED && !had) {
            gained.add(id);
        } else if (status == CaseStatus.FAILED && had) {
            lost.add(id);
        }
    }

    @Override
    public Optional<Boolean> settled() {
        return stops ? rule.settled(gained.size(), lost.size(), mayGain, mayLose, pairs) : Optional.empty();
    }

    @Override
    public boolean isReached() {
        return settled().orElseGet(() -> rule.isReached(gained.size(), lost.size(), pairs));
    }

    @Override
    public String judge() {
        return rule.judge(gained, lost, pairs, mayGain + mayLose);
    }

    private boolean passedBefore(String id) {
        return before.byExample().getOrDefault(id, false);
    }
}
