package dev.llmlifecycle.core.resilience;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class CircuitTest {

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final Circuit circuit = new Circuit(3, Duration.ofNanos(10), now::get);

    @Test
    void onlyFailuresInARowOpenIt() {
        assertThat(circuit.failed(FailureKind.TIMEOUT)).isFalse();
        assertThat(circuit.failed(FailureKind.TIMEOUT)).isFalse();
        circuit.succeeded();
        assertThat(circuit.failed(FailureKind.TIMEOUT)).isFalse();
        assertThat(circuit.failed(FailureKind.TIMEOUT)).isFalse();
        assertThat(circuit.failed(FailureKind.RATE_LIMIT)).isTrue();
        assertThat(circuit.openedBy()).isEqualTo(FailureKind.RATE_LIMIT);
        assertThat(circuit.tryAcquire()).isFalse();
    }

    @Test
    void oneCallAtATimeTriesAfterwardsAlsoWhenTheTimeWrapsRound() {
        open();
        now.addAndGet(9);
        assertThat(circuit.tryAcquire()).isFalse();
        now.addAndGet(1);
        assertThat(circuit.tryAcquire()).isTrue();
        assertThat(circuit.tryAcquire()).isFalse();

        circuit.succeeded();

        assertThat(circuit.tryAcquire()).isTrue();
        assertThat(circuit.tryAcquire()).isTrue();
    }

    @Test
    void aFailedTrialOpensItAsLongAgain() {
        open();
        now.addAndGet(10);
        assertThat(circuit.tryAcquire()).isTrue();

        assertThat(circuit.failed(FailureKind.TIMEOUT)).isTrue();

        now.addAndGet(9);
        assertThat(circuit.tryAcquire()).isFalse();
        now.addAndGet(1);
        assertThat(circuit.tryAcquire()).isTrue();
    }

    @Test
    void anAbandonedTrialOpensItAgainAndAnAbandonedCallChangesNothing() {
        circuit.abandoned();
        circuit.abandoned();
        circuit.abandoned();
        assertThat(circuit.tryAcquire()).isTrue();

        open();
        now.addAndGet(10);
        assertThat(circuit.tryAcquire()).isTrue();
        circuit.abandoned();

        assertThat(circuit.tryAcquire()).isFalse();
        now.addAndGet(10);
        assertThat(circuit.tryAcquire()).isTrue();
    }

    @Test
    void aFailureThatComesLateDoesNotProlongIt() {
        open();
        now.addAndGet(5);
        assertThat(circuit.failed(FailureKind.TIMEOUT)).isFalse();
        now.addAndGet(5);

        assertThat(circuit.tryAcquire()).isTrue();
    }

    private void open() {
        for (int i = 0; i < 3; i++) {
            circuit.failed(FailureKind.TIMEOUT);
        }
    }
}
