package dev.llmlifecycle.eval.junit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

import dev.llmlifecycle.eval.statistics.BettingEProcess;
import org.jspecify.annotations.Nullable;

/**
 * Decides by the pass rate. What bets takes the cases in the order in which they were to run, whatever the order in
 * which they end. Not thread-safe.
 */
final class RateDecision implements Decision {

    private final PassRateRule rule;
    private final Stopping stopping;
    private final List<Optional<CaseStatus>> statuses;
    private final @Nullable Bets bets;
    private int passed;
    private int failed;
    private int skipped;

    RateDecision(PassRateRule rule, Stopping stopping, int cases) {
        this.rule = rule;
        this.stopping = stopping;
        this.statuses = new ArrayList<>(Collections.nCopies(cases, Optional.empty()));
        this.bets = stopping == Stopping.ANYTIME_VALID ? new Bets(rule) : null;
    }

    @Override
    public void add(int position, CaseStatus status) {
        statuses.set(position, Optional.of(status));
        switch (status) {
            case PASSED -> passed++;
            case FAILED -> failed++;
            case SKIPPED -> skipped++;
            case BROKEN -> {}
        }
        if (bets != null) {
            bets.takeFrom(statuses);
        }
    }

    @Override
    public Optional<Boolean> settled() {
        if (stopping == Stopping.NEVER) {
            return Optional.empty();
        }
        if (bets != null) {
            return bets.settled(1 - rule.confidence());
        }
        int cases = statuses.size() - skipped;
        int needed = rule.needed(cases);
        if (passed >= needed) {
            return Optional.of(true);
        }
        return failed > cases - needed ? Optional.of(false) : Optional.empty();
    }

    @Override
    public boolean isReached() {
        return settled().orElseGet(() -> bets == null && rule.isReached(passed, passed + failed));
    }

    @Override
    public String judge() {
        return rule.judge(passed, passed + failed, statuses.size() - skipped);
    }

    /** A bet on each side of the rate. */
    private static final class Bets {

        private final BettingEProcess reached;
        private final BettingEProcess missed;
        private int taken;

        Bets(PassRateRule rule) {
            this.reached = BettingEProcess.of(0, 1, rule.rate(), 1 - rule.confidence());
            this.missed = BettingEProcess.of(0, 1, 1 - rule.rate(), 1 - rule.confidence());
        }

        void takeFrom(List<Optional<CaseStatus>> statuses) {
            while (taken < statuses.size() && statuses.get(taken).isPresent()) {
                CaseStatus status = statuses.get(taken).orElseThrow();
                if (status == CaseStatus.PASSED || status == CaseStatus.FAILED) {
                    double value = status == CaseStatus.PASSED ? 1 : 0;
                    reached.observe(value);
                    missed.observe(1 - value);
                }
                taken++;
            }
        }

        Optional<Boolean> settled(double alpha) {
            if (reached.pValue() <= alpha) {
                return Optional.of(true);
            }
            return missed.pValue() <= alpha ? Optional.of(false) : Optional.empty();
        }
    }
}
