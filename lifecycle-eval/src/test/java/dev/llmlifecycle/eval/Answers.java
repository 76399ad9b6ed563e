package dev.llmlifecycle.eval;

import java.time.Instant;
import java.util.Optional;

import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.Outcome;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.monitoring.Interaction;
import org.jspecify.annotations.NullMarked;

/** Answers for tests. */
@NullMarked
public final class Answers {

    private Answers() {}

    public static Answer answered(String text) {
        return of(new Outcome.Answered(text), Optional.empty());
    }

    public static Answer abstained() {
        return of(new Outcome.Abstained("The documents do not answer this."), Optional.empty());
    }

    public static Answer failed() {
        return of(new Outcome.Failed("model", "the endpoint answers nothing; start it", Optional.empty()));
    }

    public static Answer of(Outcome outcome) {
        return of(outcome, Optional.empty());
    }

    public static Answer of(Outcome outcome, Optional<Hash> release) {
        Interaction.Builder interaction =
                Interaction.builder("i1", Instant.EPOCH, "question").outcome(outcome.label(), outcome.text());
        release.ifPresent(interaction::release);
        return new Answer(outcome, interaction.build());
    }
}
