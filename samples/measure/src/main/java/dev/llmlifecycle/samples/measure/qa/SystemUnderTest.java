package dev.llmlifecycle.samples.measure.qa;

import java.util.List;

import dev.llmlifecycle.api.retrieval.Passage;

/** What {@link XquadTask} measures: an index over passages, and something that answers from what it finds. */
interface SystemUnderTest extends AutoCloseable {

    /** Returns pieces of the passages, best first, enough of them for five different passages. */
    List<Passage> search(String question);

    /** Returns at most so many sentences from what was found; possibly a plain statement that nothing answers. */
    String answer(String question, List<Passage> found, int sentences);

    @Override
    void close();

    /** Makes a system over passages. */
    @FunctionalInterface
    interface Factory {
        SystemUnderTest create(List<QuestionSet.Passage> passages);
    }
}
