package dev.llmlifecycle.retrieval.cache;

import java.util.List;
import java.util.Optional;

import dev.llmlifecycle.api.app.AnswerCache;
import dev.llmlifecycle.api.identity.Hash;

/** A question with its answer; equal only to itself. */
final class KeptQuestion {

    /** What must be equal for answers to be comparable: everything in the key but the question. */
    record Partition(Hash release, String prompt, Hash context, Optional<String> tenant) {

        static Partition of(AnswerCache.Key key) {
            return new Partition(key.release(), key.prompt(), key.context(), key.tenant());
        }
    }

    private static final int OVERHEAD = 600;

    private final String id;
    private final AnswerCache.Key key;
    private final Partition partition;
    private final String answer;
    private final List<String> passageIds;
    private final String interactionId;
    private final float[] vector;
    private final QuestionMarks marks;
    private final boolean representative;
    private final LearnedAcceptance.Observed observed = new LearnedAcceptance.Observed();

    KeptQuestion(
            String id,
            AnswerCache.Request request,
            AnswerCache.Kept kept,
            float[] vector,
            QuestionMarks marks,
            boolean representative) {
        this.id = id;
        this.key = request.key();
        this.partition = Partition.of(key);
        this.answer = kept.text();
        this.passageIds = kept.passageIds();
        this.interactionId = request.interactionId();
        this.vector = vector;
        this.marks = marks;
        this.representative = representative;
    }

    String id() {
        return id;
    }

    AnswerCache.Key key() {
        return key;
    }

    Partition partition() {
        return partition;
    }

    String answer() {
        return answer;
    }

    List<String> passageIds() {
        return passageIds;
    }

    String interactionId() {
        return interactionId;
    }

    float[] vector() {
        return vector;
    }

    QuestionMarks marks() {
        return marks;
    }

    /** Whether questions that mean the same may get its answer, and not only the very same question. */
    boolean representative() {
        return representative;
    }

    LearnedAcceptance.Observed observed() {
        return observed;
    }

    /** About how many bytes it takes, at most two thousand million. */
    int weight() {
        long passages =
                passageIds.stream().mapToLong(id -> 2L * id.length() + 40).sum();
        long bytes = OVERHEAD + 4L * key.question().length() + 2L * answer.length() + 4L * vector.length + passages;
        return (int) Math.min(2_000_000_000, bytes);
    }
}
