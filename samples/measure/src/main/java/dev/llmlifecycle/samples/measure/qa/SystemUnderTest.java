package dev.llmlifecycle.samples.measure.qa;

import java.util.List;

import dev.llmlifecycle.api.retrieval.Passage;

/** What {@link XquadTask} measures: an index of passages, and something that answers from what it finds. */
interface SystemUnderTest extends AutoCloseable {

    /** Returns pieces of the passages, best first, enough of them for five different passages. */
    List<Passage> search(String question);

    /** Returns at most so many sentences from what was found; possibly a plain statement that nothing answers. */
    String answer(String question, List<Passage> found, int sentences);

    /**
     * Returns how well what was found supports an answer: the number by which the system decides to say that nothing
     * answers.
     */
    double support(String question, List<Passage> found);

    /** Tells whether the system would answer with this support. */
    boolean answers(double support);

    /** Makes these the passages of the index, in place of those it had. */
    void index(List<QuestionSet.Passage> passages);

    @Override
    void close();
}
