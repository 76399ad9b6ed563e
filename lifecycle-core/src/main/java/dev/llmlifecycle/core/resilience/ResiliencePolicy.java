package dev.llmlifecycle.core.resilience;

import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * How long to wait for a model, how often to try again, and when to leave it alone.
 *
 * <p>One policy may serve many models: it holds settings, not the state of a model. Immutable; thread-safe when what it
 * was given is.
 *
 * <pre>{@code
 * ResiliencePolicy policy = ResiliencePolicy.builder()
 *         .timeout(Duration.ofSeconds(20))
 *         .totalTimeout(Duration.ofSeconds(60))
 *         .maxRetries(2)
 *         .backoff(Duration.ofMillis(500), Duration.ofSeconds(10))
 *         .circuitBreaker(5, Duration.ofSeconds(30))
 *         .build();
 * }</pre>
 *
 * @since 0.1
 */
public final class ResiliencePolicy {

    private static final long IDLE_SECONDS = 10;
    private static final Duration LONGEST = Duration.ofDays(365);

    private final Duration timeout;
    private final Duration totalTimeout;
    private final Duration firstTokenTimeout;
    private final Duration stallTimeout;
    private final int maxRetries;
    private final Duration firstBackoff;
    private final Duration longestBackoff;
    private final double jitter;
    private final int circuitFailures;
    private final Duration circuitOpen;
    private final Function<Throwable, Optional<Duration>> retryAfter;
    private final ResilienceListener listener;
    private final long seed;
    private final Clock clock;
    private final Timekeeper time;
    private final Executor executor;

    private ResiliencePolicy(Builder builder) {
        this.timeout = builder.timeout;
        this.totalTimeout = builder.totalTimeout;
        this.firstTokenTimeout = builder.firstTokenTimeout == null ? timeout : builder.firstTokenTimeout;
        this.stallTimeout = builder.stallTimeout;
        this.maxRetries = builder.maxRetries;
        this.firstBackoff = builder.firstBackoff;
        this.longestBackoff = builder.longestBackoff;
        this.jitter = builder.jitter;
        this.circuitFailures = builder.circuitFailures;
        this.circuitOpen = builder.circuitOpen;
        this.retryAfter = builder.retryAfter;
        this.listener = builder.listener;
        this.seed = builder.seed;
        this.clock = builder.clock;
        this.time = builder.time;
        this.executor = builder.executor == null ? newExecutor() : builder.executor;
    }

    /**
     * Starts a policy.
     *
     * @return a builder with the defaults
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns a policy of defaults.
     *
     * @return the policy
     */
    public static ResiliencePolicy defaults() {
        return builder().build();
    }

    Duration timeout() {
        return timeout;
    }

    Duration totalTimeout() {
        return totalTimeout;
    }

    Duration firstTokenTimeout() {
        return firstTokenTimeout;
    }

    Duration stallTimeout() {
        return stallTimeout;
    }

    int maxRetries() {
        return maxRetries;
    }

    Duration firstBackoff() {
        return firstBackoff;
    }

    Duration longestBackoff() {
        return longestBackoff;
    }

    double jitter() {
        return jitter;
    }

    /** Makes the circuit of one model. */
    Optional<Circuit> newCircuit() {
        return circuitFailures == 0
                ? Optional.empty()
                : Optional.of(new Circuit(circuitFailures, circuitOpen, time::nanoTime));
    }

    Function<Throwable, Optional<Duration>> retryAfter() {
        return retryAfter;
    }

    ResilienceListener listener() {
        return listener;
    }

    long seed() {
        return seed;
    }

    Clock clock() {
        return clock;
    }

    Timekeeper time() {
        return time;
    }

    Executor executor() {
        return executor;
    }

    /** Returns what decides which model answers, for an identity. */
    Map<String, Object> toCanonical() {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("timeoutMillis", timeout.toMillis());
        settings.put("totalTimeoutMillis", totalTimeout.toMillis());
        settings.put("firstTokenTimeoutMillis", firstTokenTimeout.toMillis());
        settings.put("stallTimeoutMillis", stallTimeout.toMillis());
        settings.put("maxRetries", maxRetries);
        settings.put("firstBackoffMillis", firstBackoff.toMillis());
        settings.put("longestBackoffMillis", longestBackoff.toMillis());
        settings.put("jitter", jitter);
        settings.put("circuitFailures", circuitFailures);
        settings.put("circuitOpenMillis", circuitOpen.toMillis());
        return settings;
    }

    /** Daemon threads that end when idle, so that there is nothing to close. */
    private static Executor newExecutor() {
        AtomicInteger number = new AtomicInteger();
        return new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), work -> {
                    Thread thread = new Thread(work, "model-call-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** Builds a {@link ResiliencePolicy}. Not thread-safe. */
    public static final class Builder {

        private Duration timeout = Duration.ofSeconds(30);
        private Duration totalTimeout = Duration.ofSeconds(60);
        private @Nullable Duration firstTokenTimeout;
        private Duration stallTimeout = Duration.ofSeconds(15);
        private int maxRetries = 2;
        private Duration firstBackoff = Duration.ofMillis(500);
        private Duration longestBackoff = Duration.ofSeconds(10);
        private double jitter = 0.5;
        private int circuitFailures = 5;
        private Duration circuitOpen = Duration.ofSeconds(30);
        private Function<Throwable, Optional<Duration>> retryAfter = RetryAfterException::waitOf;
        private ResilienceListener listener = new ResilienceListener() {};
        private long seed = 42;
        private Clock clock = Clock.systemUTC();
        private Timekeeper time = Timekeeper.SYSTEM;
        private @Nullable Executor executor;

        private Builder() {}

        /**
         * Sets how long one attempt may take. Default: 30 seconds. A streamed answer may take longer, see
         * {@link #firstTokenTimeout} and {@link #stallTimeout}.
         *
         * @param timeout the time, above zero
         * @return this builder
         */
        public Builder timeout(Duration timeout) {
            this.timeout = positive(timeout, "timeout");
            return this;
        }

        /**
         * Sets how long a call may take with all its attempts, waits and fallbacks, and a streamed answer to its end.
         * Default: 60 seconds. A {@link Deadline} of the request that is earlier holds instead.
         *
         * @param totalTimeout the time, above zero
         * @return this builder
         */
        public Builder totalTimeout(Duration totalTimeout) {
            this.totalTimeout = positive(totalTimeout, "total timeout");
            return this;
        }

        /**
         * Sets how long a streamed attempt may take to its first token. Default: the timeout of an attempt.
         *
         * @param firstTokenTimeout the time, above zero
         * @return this builder
         */
        public Builder firstTokenTimeout(Duration firstTokenTimeout) {
            this.firstTokenTimeout = positive(firstTokenTimeout, "first token timeout");
            return this;
        }

        /**
         * Sets how long a stream may be silent between tokens. Default: 15 seconds.
         *
         * @param stallTimeout the time, above zero
         * @return this builder
         */
        public Builder stallTimeout(Duration stallTimeout) {
            this.stallTimeout = positive(stallTimeout, "stall timeout");
            return this;
        }

        /**
         * Sets how often each model is tried again. Default: 2, so three attempts.
         *
         * @param maxRetries the number, zero for none
         * @return this builder
         */
        public Builder maxRetries(int maxRetries) {
            if (maxRetries < 0) {
                throw new IllegalArgumentException(
                        "the number of retries must not be negative but was " + maxRetries + "; use 0 for none");
            }
            this.maxRetries = maxRetries;
            return this;
        }

        /**
         * Sets the wait before a retry, which doubles with each one. Default: from 500 ms to 10 seconds. An endpoint
         * that asks for more gets it, see {@link #retryAfter}.
         *
         * @param first the wait before the first retry
         * @param longest the longest wait, not below the first
         * @return this builder
         */
        public Builder backoff(Duration first, Duration longest) {
            this.firstBackoff = positive(first, "first wait");
            this.longestBackoff = positive(longest, "longest wait");
            if (longest.compareTo(first) < 0) {
                throw new IllegalArgumentException("the longest wait must not be below the first but was "
                        + longest.toMillis() + " ms after " + first.toMillis() + " ms; exchange them");
            }
            return this;
        }

        /**
         * Sets which part of each wait is left to chance, so that many clients do not come back at once. Default: 0.5,
         * so that a wait of 4 seconds takes between 2 and 4.
         *
         * @param jitter the part, from 0 to 1
         * @return this builder
         */
        public Builder jitter(double jitter) {
            if (!(jitter >= 0 && jitter <= 1)) {
                throw new IllegalArgumentException(
                        "the jitter must be in [0, 1] but was " + jitter + "; use 0 for exact waits");
            }
            this.jitter = jitter;
            return this;
        }

        /**
         * Sets when a model is left alone. Default: after 5 failures in a row for 30 seconds. Failures that are worth a
         * retry count; a refused request shows that the endpoint works. After the time one call is let through: when it
         * succeeds the circuit closes, else it stays open as long again. Each model of each decorator has a circuit of
         * its own.
         *
         * @param failures how many failures in a row open the circuit, above zero
         * @param open how long it stays open
         * @return this builder
         */
        public Builder circuitBreaker(int failures, Duration open) {
            if (failures < 1) {
                throw new IllegalArgumentException("the number of failures that open a circuit must be above zero but"
                        + " was " + failures + "; use noCircuitBreaker() for none");
            }
            this.circuitFailures = failures;
            this.circuitOpen = positive(open, "time of an open circuit");
            return this;
        }

        /**
         * Leaves out circuit breakers.
         *
         * @return this builder
         */
        public Builder noCircuitBreaker() {
            this.circuitFailures = 0;
            return this;
        }

        /**
         * Sets how to find the wait that an endpoint asks for. Default: {@link RetryAfterException#waitOf}, which needs
         * {@link RetryAfterHttpClient} underneath, since LangChain4j's exceptions do not keep response headers. The
         * longer of this wait and the back-off is taken; when it would outlast the call, the next model is tried at
         * once.
         *
         * @param retryAfter from what a model threw to the wait, empty when there is none; must be thread-safe
         * @return this builder
         */
        public Builder retryAfter(Function<Throwable, Optional<Duration>> retryAfter) {
            this.retryAfter = Objects.requireNonNull(retryAfter, "retryAfter");
            return this;
        }

        /**
         * Sets who hears of retries, fallbacks and open circuits. Default: nobody; they are logged at debug level.
         *
         * @param listener the listener
         * @return this builder
         */
        public Builder listener(ResilienceListener listener) {
            this.listener = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /**
         * Sets the seed of the jitter. Default: 42. Give each replica one of its own.
         *
         * @param seed the seed
         * @return this builder
         */
        public Builder seed(long seed) {
            this.seed = seed;
            return this;
        }

        /**
         * Sets the clock that a {@link Deadline} is read by. Default: the system's.
         *
         * @param clock the clock
         * @return this builder
         */
        public Builder clock(Clock clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Sets what runs the attempts, so that a caller can stop waiting for one. Default: daemon threads of the
         * policy, as many as there are calls, that end after ten idle seconds. A blocking call needs one thread, a
         * stream two at first and one until it ends; an executor with fewer lets calls wait, and one that runs work on
         * the caller's thread disables the timeouts. Whatever is bound to a thread (a logging context, a trace) must be
         * carried over by the executor.
         *
         * @param executor the executor, never closed by this library
         * @return this builder
         */
        public Builder executor(Executor executor) {
            this.executor = Objects.requireNonNull(executor, "executor");
            return this;
        }

        Builder time(Timekeeper time) {
            this.time = time;
            return this;
        }

        /**
         * Builds the policy.
         *
         * @return the policy
         * @throws IllegalArgumentException when an attempt may take longer than the whole call
         */
        public ResiliencePolicy build() {
            if (timeout.compareTo(totalTimeout) > 0) {
                throw new IllegalArgumentException("one attempt must not take longer than the whole call but may take "
                        + timeout.toMillis() + " ms of " + totalTimeout.toMillis()
                        + " ms; lower timeout or raise totalTimeout");
            }
            return new ResiliencePolicy(this);
        }

        private static Duration positive(Duration duration, String what) {
            if (Objects.requireNonNull(duration, what).isNegative() || duration.isZero()) {
                throw new IllegalArgumentException(
                        "the " + what + " must be above zero but was " + duration + "; give it a length");
            }
            if (duration.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException("the " + what + " must not be above " + LONGEST.toDays()
                        + " days but was " + duration.toDays() + " days; choose a time that somebody would wait");
            }
            return duration;
        }
    }
}
