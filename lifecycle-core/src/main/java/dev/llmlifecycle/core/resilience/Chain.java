package dev.llmlifecycle.core.resilience;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

import dev.failsafe.Execution;
import dev.failsafe.RetryPolicy;
import dev.langchain4j.exception.TimeoutException;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Identity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Models in the order in which they are tried, each at most once for a call and with its retries.
 *
 * <p>Thread-safe.
 */
final class Chain<M> {

    private static final Logger log = LoggerFactory.getLogger(Chain.class);
    private static final String IDENTITY_VERSION = "1";
    private static final int LONGEST_SHIFT = 30;

    private final ResiliencePolicy policy;
    private final List<Link<M>> links;
    private final Timekeeper time;
    private final RetryPolicy<Object> retryPolicy;
    private final Random random;
    private final Identity identity;

    Chain(ResiliencePolicy policy, List<Link<M>> links) {
        this.policy = policy;
        this.links = List.copyOf(links);
        this.time = policy.time();
        this.random = new Random(policy.seed());
        this.retryPolicy = RetryPolicy.builder()
                .handleIf((Throwable thrown) -> FailureKind.isWorthRetry(thrown))
                .withMaxRetries(policy.maxRetries())
                .withDelayFn(context -> waitAfter(context.getAttemptCount(), context.getLastException()))
                .build();
        Link<M> first = links.get(0);
        this.identity = Identity.of(
                "resilient-" + first.name(),
                IDENTITY_VERSION,
                Map.of(
                        "policy",
                        policy.toCanonical(),
                        "models",
                        links.stream().map(Link::toCanonical).toList()));
    }

    /** One way of calling a model. */
    interface Attempt<M, T> {

        /** Calls the model and waits for the end, not longer than the call may still take. */
        Result<T> run(Link<M> link, long nanosLeft) throws InterruptedException;
    }

    Identity identity() {
        return identity;
    }

    M first() {
        return links.get(0).model();
    }

    String name() {
        return links.get(0).name();
    }

    /** Calls the models until one answers. */
    <T> T call(Duration allowed, Attempt<M, T> attempt) {
        Call<T> call = new Call<>(time.nanoTime(), allowed.toNanos(), attempt);
        try {
            return call.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LifecycleException("Calling the model '" + name() + "' was interrupted; call it again", e);
        }
    }

    private Duration waitAfter(int attempts, Throwable thrown) {
        long first = policy.firstBackoff().toNanos();
        long longest = policy.longestBackoff().toNanos();
        int shift = Math.min(attempts - 1, LONGEST_SHIFT);
        long doubled = first > (longest >> shift) ? longest : first << shift;
        long chance = (long) (doubled * policy.jitter() * random.nextDouble());
        Duration backoff = Duration.ofNanos(doubled - chance);
        Duration asked = askedFor(thrown).orElse(backoff);
        // A wait as long as a whole call is never waited, whatever its length.
        Duration capped = asked.compareTo(policy.totalTimeout()) > 0 ? policy.totalTimeout() : asked;
        return capped.compareTo(backoff) > 0 ? capped : backoff;
    }

    private Optional<Duration> askedFor(Throwable thrown) {
        try {
            return policy.retryAfter().apply(thrown);
        } catch (RuntimeException e) {
            log.warn("The wait that an endpoint asks for was not found; mend the function retryAfter", e);
            return Optional.empty();
        }
    }

    private void tell(Runnable event) {
        try {
            event.run();
        } catch (RuntimeException e) {
            log.warn("A resilience listener failed and was passed over; mend the listener", e);
        }
    }

    /** One call under way; used by one thread. */
    private final class Call<T> {

        private final long start;
        private final long allowed;
        private final Attempt<M, T> attempt;
        private final List<FailedAttempt> attempts = new ArrayList<>();

        Call(long start, long allowed, Attempt<M, T> attempt) {
            this.start = start;
            this.allowed = allowed;
            this.attempt = attempt;
        }

        T run() throws InterruptedException {
            Failure failure = null;
            for (Link<M> link : links) {
                if (failure != null) {
                    if (!link.takesOver(failure)) {
                        continue;
                    }
                    FailedAttempt last = attempts.get(attempts.size() - 1);
                    log.debug("Model {} failed with {}, {} takes over", last.model(), last.kind(), link.name());
                    tell(() -> policy.listener().onFallback(last, link.name()));
                }
                Result<T> result = tryModel(link);
                if (result instanceof Result.Answered<T> answered) {
                    return answered.value();
                }
                failure = ((Result.Failed<T>) result).failure();
                if (failure.begun() || left() <= 0) {
                    break;
                }
            }
            Failure last = Objects.requireNonNull(failure, "a chain has a first model");
            throw new ModelCallException(name(), last.kind(), attempts, last.cause());
        }

        private long left() {
            return allowed - (time.nanoTime() - start);
        }

        private Result<T> tryModel(Link<M> link) throws InterruptedException {
            Execution<Object> retries = Execution.of(retryPolicy);
            while (true) {
                if (left() <= 0) {
                    return Result.failed(new TimeoutException("the time for the call was over before the attempt"));
                }
                if (!link.circuit().map(Circuit::tryAcquire).orElse(true)) {
                    return openCircuit(link);
                }
                Result<T> result = tryOnce(link);
                if (!(result instanceof Result.Failed<T> failed)
                        || failed.failure().begun()) {
                    return result;
                }
                failed.failure().thrown().ifPresent(retries::recordException);
                long wait = retries.getDelay().toNanos();
                if (retries.isComplete() || wait >= left()) {
                    return result;
                }
                FailedAttempt last = attempts.get(attempts.size() - 1);
                log.debug("Model {} failed with {}, trying again in {} ns", last.model(), last.kind(), wait);
                tell(() -> policy.listener().onRetry(last, Duration.ofNanos(wait)));
                time.pause(wait);
            }
        }

        private Result<T> openCircuit(Link<M> link) {
            attempts.add(new FailedAttempt(link.name(), FailureKind.CIRCUIT_OPEN, Duration.ZERO));
            FailureKind openedBy = link.circuit().map(Circuit::openedBy).orElse(FailureKind.OTHER);
            return new Result.Failed<>(Failure.openCircuit(openedBy));
        }

        private Result<T> tryOnce(Link<M> link) throws InterruptedException {
            long begin = time.nanoTime();
            Result<T> result;
            try {
                result = attempt.run(link, left());
            } catch (InterruptedException | RuntimeException | Error e) {
                link.circuit().ifPresent(Circuit::abandoned);
                throw e;
            }
            if (result instanceof Result.Failed<T> failed) {
                FailureKind kind = failed.failure().kind();
                attempts.add(new FailedAttempt(link.name(), kind, Duration.ofNanos(time.nanoTime() - begin)));
                link.circuit().ifPresent(circuit -> record(circuit, link, failed.failure()));
            } else {
                link.circuit().ifPresent(Circuit::succeeded);
            }
            return result;
        }

        private void record(Circuit circuit, Link<M> link, Failure failure) {
            if (failure.kind() == FailureKind.TIMEOUT && left() <= 0) {
                // The caller's time was over, which says nothing about the endpoint.
                circuit.abandoned();
            } else if (!failure.kind().isTransient()) {
                circuit.succeeded();
            } else if (circuit.failed(failure.kind())) {
                log.debug("The circuit of model {} opened after {}", link.name(), failure.kind());
                tell(() -> policy.listener().onCircuitOpen(link.name()));
            }
        }
    }

    /** Collects the links of a chain. */
    static final class Builder<M> {

        private final List<Identity> identities = new ArrayList<>();
        private final List<M> models = new ArrayList<>();
        private final List<Set<FailureKind>> kinds = new ArrayList<>();

        Builder(Identity identity, M model) {
            add(identity, model);
        }

        void add(Identity identity, M model, FailureKind... takesOver) {
            identities.add(Objects.requireNonNull(identity, "identity"));
            models.add(Objects.requireNonNull(model, "model"));
            kinds.add(Link.kinds(takesOver));
        }

        Chain<M> build(ResiliencePolicy policy) {
            Set<String> names = new HashSet<>();
            List<Link<M>> links = new ArrayList<>();
            for (int i = 0; i < models.size(); i++) {
                Identity identity = identities.get(i);
                if (!names.add(identity.name())) {
                    throw new IllegalArgumentException(
                            "two models of the chain are named '" + identity.name() + "'; give each a name of its own");
                }
                links.add(new Link<>(identity, models.get(i), kinds.get(i), policy.newCircuit(), i == 0));
            }
            return new Chain<>(policy, links);
        }
    }
}
