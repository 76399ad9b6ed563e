package dev.llmlifecycle.api.release;

import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

import dev.llmlifecycle.api.identity.Hash;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
final class DeploymentMoveTest {

    private static final Hash FIRST = Hash.ofUtf8("first");
    private static final Hash SECOND = Hash.ofUtf8("second");
    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");
    private static final Optional<Hash> NONE = Optional.empty();

    @Test
    void saysWhereTheLabelPointsAfterIt() {
        assertThat(move(4, "production", "ada", "why").deployment())
                .isEqualTo(new Deployment("production", SECOND, 4, TIME));
    }

    @Test
    void hasAHashOverEverything() {
        DeploymentMove.Kind promote = DeploymentMove.Kind.PROMOTE;
        Optional<Hash> other = Optional.of(FIRST);
        assertThat(Stream.of(
                                new DeploymentMove(1, promote, "p", NONE, SECOND, "a", "r", TIME, NONE, NONE),
                                new DeploymentMove(2, promote, "p", NONE, SECOND, "a", "r", TIME, NONE, NONE),
                                new DeploymentMove(
                                        1, DeploymentMove.Kind.ROLLBACK, "p", NONE, SECOND, "a", "r", TIME, NONE, NONE),
                                new DeploymentMove(1, promote, "q", NONE, SECOND, "a", "r", TIME, NONE, NONE),
                                new DeploymentMove(1, promote, "p", other, SECOND, "a", "r", TIME, NONE, NONE),
                                new DeploymentMove(1, promote, "p", NONE, FIRST, "a", "r", TIME, NONE, NONE),
                                new DeploymentMove(1, promote, "p", NONE, SECOND, "b", "r", TIME, NONE, NONE),
                                new DeploymentMove(1, promote, "p", NONE, SECOND, "a", "s", TIME, NONE, NONE),
                                new DeploymentMove(
                                        1, promote, "p", NONE, SECOND, "a", "r", TIME.plusNanos(1), NONE, NONE),
                                new DeploymentMove(1, promote, "p", NONE, SECOND, "a", "r", TIME, other, NONE),
                                new DeploymentMove(1, promote, "p", NONE, SECOND, "a", "r", TIME, NONE, other))
                        .map(DeploymentMove::hash)
                        .distinct())
                .hasSize(11);
    }

    @Test
    void refusesRevisionsBelowOneAndBlankTexts() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> move(0, "production", "ada", "why"))
                .withMessage("revisions count from 1 but this one is 0; let the store count");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> move(1, " ", "ada", "why"))
                .withMessage("the label of a move is blank; name it, such as 'production'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> move(1, "production", "", "why"))
                .withMessage("a move of label 'production' has a blank actor or reason; say who moves it and why");
        assertThatIllegalArgumentException().isThrownBy(() -> move(1, "production", "ada", " "));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Deployment("production", FIRST, 0, TIME))
                .withMessage("revisions count from 1 but this one is 0; take it from the move");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Deployment("", FIRST, 1, TIME))
                .withMessage("the label of a deployment is blank; name it, such as 'production'");
    }

    @Test
    void aRefusalNamesTheLabelThatStays() {
        PromotionRefusedException refused = new PromotionRefusedException(
                "production", "Moving 'production' failed: no verdict; run an experiment");

        assertThat(refused.label()).isEqualTo("production");
        assertThat(refused).hasMessage("Moving 'production' failed: no verdict; run an experiment");
    }

    private static DeploymentMove move(long revision, String label, String actor, String reason) {
        return new DeploymentMove(
                revision,
                DeploymentMove.Kind.PROMOTE,
                label,
                Optional.of(FIRST),
                SECOND,
                actor,
                reason,
                TIME,
                NONE,
                NONE);
    }
}
