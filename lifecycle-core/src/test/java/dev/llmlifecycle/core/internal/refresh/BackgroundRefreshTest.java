package dev.llmlifecycle.core.internal.refresh;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.monitoring.Freshness;
import dev.llmlifecycle.core.internal.refresh.BackgroundRefresh.Loaded;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@NullMarked
@Timeout(30)
final class BackgroundRefreshTest {

    private static final Instant START = Instant.parse("2026-01-31T12:00:00Z");
    private static final Duration PERIOD = Duration.ofSeconds(5);

    private final ManualScheduler scheduler = new ManualScheduler();
    private final AtomicInteger loads = new AtomicInteger();
    private String stored = "one";
    private Optional<String> problem = Optional.empty();
    private @Nullable RuntimeException failure;

    @Test
    void readsAgainInTheBackgroundAndNeverOnTheReadersThread() {
        BackgroundRefresh<String> refresh = open(new RefreshSettings());
        stored = "two";

        assertThat(refresh.get()).isEqualTo("one");
        scheduler.passedAndDone(PERIOD);

        assertThat(refresh.get()).isEqualTo("two");
        assertThat(refresh.freshness()).isEqualTo(new Freshness(START.plus(PERIOD), false, Optional.empty()));
        assertThat(loads).hasValue(2);
    }

    @Test
    void keepsTheLastStateWhileTheStoreIsDownAndSaysSo() {
        RefreshSettings settings = new RefreshSettings();
        settings.maxAge(Duration.ofSeconds(12));
        BackgroundRefresh<String> refresh = open(settings);
        failure = new LifecycleException("Reading failed; try again");

        scheduler.passedAndDone(PERIOD);
        assertThat(refresh.freshness())
                .isEqualTo(new Freshness(START, false, Optional.of("Reading failed; try again")));
        scheduler.passedAndDone(PERIOD);
        scheduler.passedAndDone(PERIOD);
        assertThat(refresh.freshness().stale()).isTrue();
        assertThat(refresh.get()).isEqualTo("one");

        failure = null;
        stored = "two";
        scheduler.passedAndDone(PERIOD);
        assertThat(refresh.get()).isEqualTo("two");
        assertThat(refresh.freshness())
                .isEqualTo(new Freshness(START.plus(PERIOD.multipliedBy(4)), false, Optional.empty()));
    }

    @Test
    void tellsNothingOfAForeignFailureButItsKind() {
        BackgroundRefresh<String> refresh = open(new RefreshSettings());
        failure = new IllegalStateException("jdbc:postgresql://db?password=s3cr3t");

        scheduler.passedAndDone(PERIOD);

        assertThat(refresh.freshness().problem()).contains("IllegalStateException");
    }

    @Test
    void failsWhenItIsOlderThanAllowedAndRecovers() {
        RefreshSettings settings = new RefreshSettings();
        settings.failWhenOlderThan(Duration.ofSeconds(12));
        BackgroundRefresh<String> refresh = open(settings);
        failure = new LifecycleException("down");
        scheduler.passedAndDone(PERIOD);
        scheduler.passedAndDone(PERIOD);
        assertThat(refresh.get()).isEqualTo("one");

        scheduler.passedAndDone(PERIOD);
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(refresh::get)
                .withMessage("Reading the texts from memory failed: they are as of 2026-01-31T12:00:00Z, which is older"
                        + " than PT12S; look at the store that they are refreshed from");

        failure = null;
        scheduler.passedAndDone(PERIOD);
        assertThat(refresh.get()).isEqualTo("one");
    }

    @Test
    void startsNoSecondRefreshWhileOneHangsAndInterruptsIt() throws InterruptedException {
        CountDownLatch hanging = new CountDownLatch(1);
        AtomicInteger interrupts = new AtomicInteger();
        BackgroundRefresh<String> refresh = new BackgroundRefresh<>(
                "the texts",
                before -> {
                    if (loads.incrementAndGet() == 2) {
                        hanging.countDown();
                        try {
                            new CountDownLatch(1).await();
                        } catch (InterruptedException e) {
                            interrupts.incrementAndGet();
                            throw new LifecycleException("interrupted", e);
                        }
                    }
                    return new Loaded<>(stored, Optional.empty());
                },
                "",
                with(new RefreshSettings()));
        stored = "two";

        scheduler.passed(PERIOD);
        Thread worker = new Thread(scheduler.next());
        worker.start();
        assertThat(hanging.await(20, TimeUnit.SECONDS)).isTrue();
        scheduler.passed(PERIOD);
        scheduler.passed(PERIOD);
        assertThat(scheduler.waiting()).isZero();
        assertThat(worker.isAlive()).isTrue();
        assertThat(refresh.get()).isEqualTo("one");

        scheduler.passed(PERIOD);
        worker.join();
        assertThat(interrupts).hasValue(1);
        assertThat(refresh.freshness().problem()).isPresent();

        scheduler.passedAndDone(PERIOD);
        assertThat(refresh.get()).isEqualTo("two");
        assertThat(refresh.freshness().problem()).isEmpty();
    }

    @Test
    void waitingForAThreadDoesNotCountAsTheTimeOfTheStore() {
        BackgroundRefresh<String> refresh = open(new RefreshSettings());
        stored = "two";

        for (int i = 0; i < 4; i++) {
            scheduler.passed(PERIOD);
        }
        assertThat(refresh.freshness().problem()).isEmpty();
        scheduler.next().run();

        assertThat(refresh.get()).isEqualTo("two");
        assertThat(refresh.freshness().problem()).isEmpty();
    }

    @Test
    void keepsAWriteThatARefreshUnderWayDidNotSee() {
        Runnable[] during = {() -> {}};
        BackgroundRefresh<String> slow = new BackgroundRefresh<>(
                "the texts",
                before -> {
                    String read = stored;
                    during[0].run();
                    return new Loaded<>(read, Optional.empty());
                },
                "",
                with(new RefreshSettings()));
        during[0] = () -> slow.wrote(text -> text + "+own");

        slow.refresh();
        assertThat(slow.get()).isEqualTo("one+own");

        during[0] = () -> {};
        stored = "one+own+other";
        slow.refresh();
        assertThat(slow.get()).isEqualTo("one+own+other");
    }

    @Test
    void letsNoOlderReadingReplaceANewerOne() {
        Runnable[] during = {() -> {}};
        BackgroundRefresh<String> refresh = new BackgroundRefresh<>(
                "the texts",
                before -> {
                    String read = stored;
                    Runnable once = during[0];
                    during[0] = () -> {};
                    once.run();
                    return new Loaded<>(read, Optional.empty());
                },
                "",
                with(new RefreshSettings()));
        during[0] = () -> {
            stored = "two";
            refresh.refresh();
        };

        refresh.refresh();

        assertThat(refresh.get()).isEqualTo("two");
    }

    @Test
    void becomesNoFresherByWhatCouldNotBeTakenOverInFull() {
        BackgroundRefresh<String> refresh = new BackgroundRefresh<>(
                "the texts", before -> new Loaded<>(stored, problem), "", with(new RefreshSettings()));
        problem = Optional.of("a part is missing");
        stored = "a part of two";

        scheduler.passedAndDone(PERIOD);

        assertThat(refresh.get()).isEqualTo("a part of two");
        assertThat(refresh.freshness()).isEqualTo(new Freshness(START, false, problem));
    }

    @Test
    void failsAtOnceWhenTheFirstReadingFails() {
        failure = new IllegalStateException("down");

        assertThatIllegalStateException().isThrownBy(() -> open(new RefreshSettings()));
    }

    @Test
    void refreshesInItsOwnThreadsUntilItIsClosed() throws InterruptedException {
        CountDownLatch twice = new CountDownLatch(2);
        RefreshSettings settings = new RefreshSettings();
        settings.every(Duration.ofMillis(1));
        BackgroundRefresh<String> refresh = new BackgroundRefresh<>(
                "the texts",
                before -> {
                    twice.countDown();
                    return new Loaded<>("read", Optional.empty());
                },
                "",
                settings);

        assertThat(twice.await(20, TimeUnit.SECONDS)).isTrue();
        refresh.close();
        refresh.close();
        refresh.refreshSoon();
        assertThat(refresh.get()).isEqualTo("read");
    }

    @Test
    void refusesTimesThatAreNoTimes() {
        RefreshSettings settings = new RefreshSettings();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings.every(Duration.ZERO))
                .withMessage("the pause between refreshes must be more than zero but was PT0S; choose one, such as"
                        + " PT5S");
        assertThatIllegalArgumentException().isThrownBy(() -> settings.timeout(Duration.ofSeconds(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> settings.maxAge(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> settings.failWhenOlderThan(Duration.ZERO));
    }

    private BackgroundRefresh<String> open(RefreshSettings settings) {
        return new BackgroundRefresh<>(
                "the texts",
                before -> {
                    loads.incrementAndGet();
                    if (failure != null) {
                        throw failure;
                    }
                    return new Loaded<>(stored, Optional.empty());
                },
                "",
                with(settings));
    }

    private RefreshSettings with(RefreshSettings settings) {
        settings.executor(scheduler);
        settings.nanoTime(scheduler);
        settings.clock(new Clock() {
            @Override
            public Instant instant() {
                return START.plusNanos(scheduler.getAsLong());
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }
        });
        return settings;
    }
}
