package dev.llmlifecycle.core.resilience;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;

import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.llmlifecycle.core.langchain4j.internal.GatedStreamingHandler;
import org.jspecify.annotations.Nullable;

/** Starts a stream and watches it to its end; empty when the receiver cancelled it. */
final class StreamingAttempt implements Chain.Attempt<StreamingChatModel, Optional<ChatResponse>> {

    private final ResiliencePolicy policy;
    private final ChatRequest request;
    private final ChatRequestOptions options;
    private final StreamingChatResponseHandler receiver;

    StreamingAttempt(
            ResiliencePolicy policy,
            ChatRequest request,
            ChatRequestOptions options,
            StreamingChatResponseHandler receiver) {
        this.policy = policy;
        this.request = request;
        this.options = options;
        this.receiver = receiver;
    }

    @Override
    public Result<Optional<ChatResponse>> run(Link<StreamingChatModel> link, long nanosLeft)
            throws InterruptedException {
        Watch watch = new Watch(nanosLeft);
        GatedStreamingHandler handler = new GatedStreamingHandler(receiver, watch);
        FutureTask<Void> start = new FutureTask<>(() -> begin(link, Duration.ofNanos(nanosLeft), handler, watch), null);
        try {
            policy.executor().execute(start);
        } catch (RejectedExecutionException e) {
            return Result.failed(e);
        }
        boolean answered = false;
        try {
            Result<Optional<ChatResponse>> result = watch.toTheEnd();
            if (handler.isCancelledByReceiver()) {
                result = new Result.Answered<>(Optional.empty());
            }
            answered = result instanceof Result.Answered;
            return result;
        } finally {
            watch.shut();
            if (!answered) {
                handler.cancel();
                start.cancel(true);
            }
        }
    }

    private void begin(
            Link<StreamingChatModel> link, Duration allowed, StreamingChatResponseHandler handler, Watch watch) {
        try {
            link.model().chat(Requests.forModel(link, request), Requests.within(policy, allowed, options), handler);
        } catch (RuntimeException | Error e) {
            watch.fail(e);
        }
    }

    /**
     * Lets through what the stream sends until it ends, one way or another.
     *
     * <p>The lock guards the fields; the receiver is called outside it. An ending takes effect when no delivery is
     * under way, so that the receiver never gets both at once.
     */
    private final class Watch implements GatedStreamingHandler.Gate {

        private final ReentrantLock lock = new ReentrantLock();
        private final CompletableFuture<Result<Optional<ChatResponse>>> ended = new CompletableFuture<>();
        private final long start = policy.time().nanoTime();
        private final long allowed;
        private long lastSign = start;
        private boolean begun;
        private int deliveries;
        private @Nullable Result<Optional<ChatResponse>> result;

        Watch(long allowed) {
            this.allowed = allowed;
        }

        @Override
        public boolean enter(boolean content) {
            lock.lock();
            try {
                if (result != null) {
                    return false;
                }
                begun |= content;
                deliveries++;
                return true;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void leave() {
            lock.lock();
            try {
                deliveries--;
                lastSign = policy.time().nanoTime();
            } finally {
                lock.unlock();
            }
            publish();
        }

        @Override
        public void complete(ChatResponse response) {
            lock.lock();
            try {
                boolean empty = !begun && EmptyAnswerException.isEmpty(response);
                decide(
                        empty
                                ? Result.failed(new EmptyAnswerException())
                                : new Result.Answered<>(Optional.of(response)));
            } finally {
                lock.unlock();
            }
            publish();
        }

        @Override
        public void fail(Throwable failure) {
            lock.lock();
            try {
                decide(new Result.Failed<>(Failure.of(failure, begun)));
            } finally {
                lock.unlock();
            }
            publish();
        }

        /** Drops whatever still comes. */
        void shut() {
            fail(new IllegalStateException("the stream was given up"));
        }

        Result<Optional<ChatResponse>> toTheEnd() throws InterruptedException {
            while (!policy.time().await(ended, patience())) {
                expire();
            }
            return ended.join();
        }

        /**
         * Returns how long to wait before looking again: never longer than a stall takes, since the first token may
         * come at any time. As long as the receiver is busy, it is no stall.
         */
        private long patience() {
            lock.lock();
            try {
                long stall = policy.stallTimeout().toNanos();
                long now = policy.time().nanoTime();
                long left = allowed - (now - start);
                if (result != null) {
                    return stall;
                }
                long soonest = deliveries > 0 ? stall : Math.min(stall, silenceLeft(now));
                return Math.max(0, Math.min(left, soonest));
            } finally {
                lock.unlock();
            }
        }

        private long silenceLeft(long now) {
            return begun
                    ? policy.stallTimeout().toNanos() - (now - lastSign)
                    : policy.firstTokenTimeout().toNanos() - (now - start);
        }

        private void expire() {
            lock.lock();
            try {
                long now = policy.time().nanoTime();
                if (now - start >= allowed) {
                    decide(timedOut("no end within " + Duration.ofNanos(allowed).toMillis() + " ms"));
                } else if (deliveries == 0 && silenceLeft(now) <= 0) {
                    Duration silence = begun ? policy.stallTimeout() : policy.firstTokenTimeout();
                    decide(timedOut(
                            (begun ? "no further" : "no first") + " token within " + silence.toMillis() + " ms"));
                }
            } finally {
                lock.unlock();
            }
            publish();
        }

        private Result<Optional<ChatResponse>> timedOut(String what) {
            return Result.timedOut(what, begun);
        }

        private void decide(Result<Optional<ChatResponse>> outcome) {
            if (result == null) {
                result = outcome;
            }
        }

        private void publish() {
            Result<Optional<ChatResponse>> outcome = null;
            lock.lock();
            try {
                if (deliveries == 0) {
                    outcome = result;
                }
            } finally {
                lock.unlock();
            }
            if (outcome != null) {
                ended.complete(outcome);
            }
        }
    }
}
