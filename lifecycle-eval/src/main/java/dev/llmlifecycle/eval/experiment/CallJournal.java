package dev.llmlifecycle.eval.experiment;

import java.util.Map;

/** Remembers calls across runs. Thread-safe. */
interface CallJournal extends AutoCloseable {

    /** A journal that remembers nothing. */
    CallJournal NONE = new CallJournal() {
        @Override
        public Map<Call, CallResult> restored() {
            return Map.of();
        }

        @Override
        public Spending spent() {
            return Spending.NONE;
        }

        @Override
        public int unanswered() {
            return 0;
        }

        @Override
        public void started(Call call, Spending reserved) {}

        @Override
        public void finished(Call call, CallResult result) {}

        @Override
        public void close() {}
    };

    /** Returns the results of earlier runs, without failures. */
    Map<Call, CallResult> restored();

    /** Returns what earlier runs used, with what was set aside for calls of which no answer is known. */
    Spending spent();

    /** Returns how many calls earlier runs began without an answer that is known. */
    int unanswered();

    /** Notes that a call is about to be made. */
    void started(Call call, Spending reserved);

    /** Notes what came of a call; on return it is on the disk. */
    void finished(Call call, CallResult result);

    @Override
    void close();
}
