package dev.llmlifecycle.core.resilience;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelErrorContext;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.listener.ChatModelResponseContext;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.langchain4j.model.output.FinishReason;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Identified;
import dev.llmlifecycle.api.identity.Identity;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

final class ResilientStreamingChatModelTest {

    private static final Identity MAIN = Identity.of("main", "1");
    private static final Identity BACKUP = Identity.of("backup", "1");

    private final VirtualTime time = new VirtualTime();
    private final Events events = new Events();
    private final Receiver receiver = new Receiver();

    @Nested
    final class BeforeTheFirstToken {

        @Test
        void aFailureIsTriedAgainUnseen() {
            Streams main = new Streams()
                    .then(handler -> handler.onError(new InternalServerException("down")))
                    .then(handler -> {
                        throw new InternalServerException("down at once");
                    })
                    .then(says("Within ", "30 days."));

            ask(chain(main).build());

            assertThat(receiver.seen).containsExactly("Within ", "30 days.", "complete Within 30 days.");
            assertThat(events.seen).containsExactly("retry main SERVER_ERROR", "retry main SERVER_ERROR");
        }

        @Test
        void aFallbackTakesOver() {
            Streams main = new Streams().then(handler -> handler.onError(new AuthenticationException("401")));

            ask(chain(main).fallbackTo(BACKUP, new Streams().then(says("ok"))).build());

            assertThat(receiver.seen).containsExactly("ok", "complete ok");
            assertThat(events.seen).containsExactly("fallback main REFUSED to backup");
        }

        @Test
        void aLateFirstTokenIsGivenUpAndDropped() {
            Streams main = new Streams()
                    .then(handler -> time.after(
                            Duration.ofSeconds(12), () -> says("late").accept(handler)))
                    .then(says("in time"));

            ask(chain(main)
                    .policy(policy().jitter(0)
                            .firstTokenTimeout(Duration.ofSeconds(10))
                            .build())
                    .build());

            assertThat(receiver.seen).containsExactly("in time", "complete in time");
            assertThat(receiver.at).first().isEqualTo(Duration.ofMillis(10_500));
            assertThat(events.seen).containsExactly("retry main TIMEOUT");
        }

        @Test
        void rawEventsDoNotCountAsToken() {
            Streams main = new Streams()
                    .then(handler -> {
                        handler.onUnmappedRawEvent("searching");
                        handler.onError(new InternalServerException("down"));
                    })
                    .then(says("ok"));

            ask(chain(main).build());

            assertThat(receiver.seen).containsExactly("raw searching", "ok", "complete ok");
        }

        @Test
        void anEmptyAnswerIsAFailure() {
            Streams main = new Streams()
                    .then(handler -> handler.onCompleteResponse(ChatResponse.builder()
                            .aiMessage(AiMessage.builder().build())
                            .build()))
                    .then(says("ok"));

            ask(chain(main).build());

            assertThat(receiver.seen).containsExactly("ok", "complete ok");
            assertThat(events.seen).containsExactly("retry main MALFORMED_ANSWER");
        }

        @Test
        void whenAllFailThereIsOneError() {
            Streams main = new Streams().then(handler -> handler.onError(new InternalServerException("down")));

            ask(chain(main).build());

            assertThat(receiver.seen).containsExactly("error");
            assertThat(receiver.error)
                    .isInstanceOf(ModelCallException.class)
                    .hasMessageContaining("after 3 attempts (main: SERVER_ERROR, SERVER_ERROR, SERVER_ERROR)");
        }

        @Test
        void anErrorOfTheMachineIsPassedOn() {
            Streams main = new Streams().then(handler -> {
                throw new LinkageError("broken");
            });

            ask(chain(main).build());

            assertThat(receiver.seen).containsExactly("error");
            assertThat(receiver.error).hasCauseInstanceOf(LinkageError.class);
        }
    }

    @Test
    void anErrorAroundTheAttemptsIsPassedOnToo() {
        ResilienceListener broken = new ResilienceListener() {
            @Override
            public void onRetry(FailedAttempt failed, Duration wait) {
                throw new LinkageError("broken");
            }
        };
        Streams main = new Streams().then(handler -> handler.onError(new InternalServerException("down")));
        StreamingChatModel model =
                chain(main).policy(policy().listener(broken).build()).build();

        assertThatExceptionOfType(LinkageError.class).isThrownBy(() -> ask(model));
        assertThat(receiver.seen).containsExactly("error");
    }

    @Nested
    final class AfterTheFirstToken {

        @Test
        void aFailureIsPassedOnOnce() {
            Streams main = new Streams().then(handler -> {
                handler.onPartialResponse("Within ");
                handler.onError(new InternalServerException("cut"));
                handler.onError(new InternalServerException("again"));
                says("more").accept(handler);
            });

            ask(chain(main).fallbackTo(BACKUP, new Streams().then(says("no"))).build());

            assertThat(receiver.seen).containsExactly("Within ", "error");
            assertThat(receiver.error).hasMessageContaining("after 1 attempt (main: SERVER_ERROR)");
            assertThat(events.seen).isEmpty();
        }

        @Test
        void aStallIsAnErrorAndWhatComesLaterIsDropped() {
            Streams main = new Streams().then(handler -> {
                handler.onPartialResponse("Within ");
                time.after(Duration.ofSeconds(14), () -> handler.onPartialResponse("30 "));
                time.after(Duration.ofSeconds(30), () -> says("days").accept(handler));
            });

            ask(chain(main).build());

            assertThat(receiver.seen).containsExactly("Within ", "30 ", "error");
            assertThat(receiver.at).last().isEqualTo(Duration.ofSeconds(29));
            assertThat(receiver.error).hasRootCauseMessage("no further token within 15000 ms");
        }

        @Test
        void theTotalTimeBoundsTheWholeStream() {
            Streams main = new Streams().then(this::sayForEver);

            ask(chain(main).build());

            assertThat(receiver.seen).last().isEqualTo("error");
            assertThat(receiver.at).last().isEqualTo(Duration.ofSeconds(60));
            assertThat(receiver.error).hasRootCauseMessage("no end within 60000 ms");
        }

        private void sayForEver(StreamingChatResponseHandler handler) {
            if (time.elapsed().compareTo(Duration.ofSeconds(90)) < 0) {
                handler.onPartialResponse("again ");
                time.after(Duration.ofSeconds(1), () -> sayForEver(handler));
            }
        }

        @Test
        void aStreamThatIsGivenUpIsCancelled() {
            Handle handle = new Handle();
            Streams main = new Streams()
                    .then(handler -> handler.onPartialResponse(
                            new PartialResponse("Within "), new PartialResponseContext(handle)));

            ask(chain(main).build());

            assertThat(receiver.seen).containsExactly("Within ", "error");
            assertThat(handle.cancelled).isTrue();
        }

        @Test
        void aStreamThatTheReceiverCancelsHasNoEnding() {
            Handle handle = new Handle();
            Streams main = new Streams().then(handler -> {
                handler.onPartialResponse(new PartialResponse("Within "), new PartialResponseContext(handle));
                handle.cancel();
            });

            ask(chain(main).build());

            assertThat(receiver.seen).containsExactly("Within ");
            assertThat(events.seen).isEmpty();
        }

        @Test
        void aReceiverThatThrowsHearsOfItAsTheModelTellsIt() {
            receiver.broken = true;
            Streams main = new Streams().then(handler -> {
                try {
                    handler.onPartialResponse("Within ");
                } catch (RuntimeException e) {
                    handler.onError(e);
                }
            });

            ask(chain(main).build());

            assertThat(receiver.seen).containsExactly("Within ", "error");
        }

        @Test
        void aReceiverThatThrowsAtTheEndHearsNothingMore() {
            receiver.brokenAtTheEnd = true;

            ask(chain(new Streams().then(says("ok"))).build());

            assertThat(receiver.seen).containsExactly("ok", "complete ok");
        }
    }

    @Nested
    final class Threads {

        @Test
        void theEndingWaitsForADeliveryUnderWay() throws Exception {
            CountDownLatch inside = new CountDownLatch(1);
            CountDownLatch proceed = new CountDownLatch(1);
            CountDownLatch over = new CountDownLatch(1);
            List<String> order = new ArrayList<>();
            ExecutorService executor = Executors.newCachedThreadPool();
            StreamingChatModel main = new Streams().then(handler -> handler.onPartialResponse("Within "));
            HandSetTime handSet = new HandSetTime();
            ResiliencePolicy policy =
                    ResiliencePolicy.builder().time(handSet).executor(executor).build();
            try {
                ResilientStreamingChatModel.builder(MAIN, main)
                        .policy(policy)
                        .build()
                        .chat(request(), new StreamingChatResponseHandler() {
                            @Override
                            public void onPartialResponse(String text) {
                                inside.countDown();
                                awaitQuietly(proceed);
                                order.add(text);
                            }

                            @Override
                            public void onCompleteResponse(ChatResponse response) {
                                order.add("complete");
                            }

                            @Override
                            public void onError(Throwable error) {
                                order.add("error");
                                over.countDown();
                            }
                        });
                assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();
                handSet.now.set(Duration.ofHours(1).toNanos());
                handSet.awaitTwoMoreLooks();
                assertThat(over.getCount()).isEqualTo(1);
                proceed.countDown();

                assertThat(over.await(10, TimeUnit.SECONDS)).isTrue();
                assertThat(order).containsExactly("Within ", "error");
            } finally {
                executor.shutdownNow();
            }
        }

        @Test
        void anInterruptedWatchEndsTheStream() throws Exception {
            CountDownLatch started = new CountDownLatch(1);
            CountDownLatch over = new CountDownLatch(1);
            ExecutorService executor = Executors.newCachedThreadPool();
            StreamingChatModel main = new Streams().then(handler -> started.countDown());
            ResilientStreamingChatModel.builder(MAIN, main)
                    .policy(ResiliencePolicy.builder().executor(executor).build())
                    .build()
                    .chat(request(), receiver.whenOver(over));
            assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();

            executor.shutdownNow();

            assertThat(over.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(receiver.seen).containsExactly("error");
            assertThat(receiver.error)
                    .isInstanceOf(LifecycleException.class)
                    .hasMessage("Calling the model 'main' was interrupted; call it again");
        }

        @Test
        void anExecutorWithoutRoomIsAnError() {
            ResiliencePolicy policy = policy().executor(work -> {
                        throw new RejectedExecutionException("full");
                    })
                    .build();

            chain(new Streams()).policy(policy).build().chat(request(), receiver);

            assertThat(receiver.seen).containsExactly("error");
            assertThat(receiver.error)
                    .hasMessage("Streaming from the model 'main' was refused by the executor; give the policy one that"
                            + " has room");
        }

        @Test
        void anExecutorThatHasRoomForTheWatchAloneIsAnError() {
            List<Runnable> accepted = new ArrayList<>();
            ResiliencePolicy policy = policy().executor(work -> {
                        if (!accepted.isEmpty()) {
                            throw new RejectedExecutionException("full");
                        }
                        accepted.add(work);
                    })
                    .build();

            chain(new Streams()).policy(policy).build().chat(request(), receiver);
            accepted.get(0).run();

            assertThat(receiver.seen).containsExactly("error");
        }
    }

    @Nested
    final class Decoration {

        @Test
        void itDescribesItselfAsTheFirstModelDoes() {
            ResilientStreamingChatModel model = chain(new Streams()).build();

            assertThat(model.provider()).isEqualTo(ModelProvider.OPEN_AI);
            assertThat(model.supportedCapabilities()).containsExactly(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
            assertThat(model.defaultRequestParameters().temperature()).isEqualTo(0.25);
            assertThat(model.listeners()).isEmpty();
        }

        @Test
        void listenersHearEachAttemptOnce() {
            List<String> heard = new ArrayList<>();
            Streams main = new Streams()
                    .then(handler -> handler.onError(new InternalServerException("down")))
                    .then(says("ok"))
                    .listener(new ChatModelListener() {
                        @Override
                        public void onResponse(ChatModelResponseContext context) {
                            heard.add("response " + context.attributes().get("trace"));
                        }

                        @Override
                        public void onError(ChatModelErrorContext context) {
                            heard.add("error " + context.attributes().get("trace"));
                        }
                    });
            ChatRequestOptions options = ChatRequestOptions.builder()
                    .addListenerAttribute("trace", "t-1")
                    .build();

            chain(main).build().chat(request(), options, receiver);
            time.runAll();

            assertThat(heard).containsExactly("error t-1", "response t-1");
        }

        @Test
        void everyWayOfCallingItIsResilient() {
            ResilientStreamingChatModel model = chain(new Streams()
                            .then(handler -> handler.onError(new InternalServerException("down")))
                            .then(says("ok")))
                    .build();

            model.doChat(request(), receiver);
            time.runAll();
            model.chat(request(), null, receiver);
            time.runAll();

            assertThat(receiver.seen).containsExactly("ok", "complete ok", "ok", "complete ok");
        }

        @Test
        void bothFormsOfAModelHaveOneIdentity() {
            ResiliencePolicy policy = ResiliencePolicy.defaults();
            ScriptedChatModel whole = new ScriptedChatModel();
            Streams streaming = new Streams();

            assertThat(ResilientStreamingChatModel.builder(MAIN, streaming)
                            .policy(policy)
                            .fallbackTo(BACKUP, streaming, FailureKind.TIMEOUT)
                            .build()
                            .identity())
                    .isEqualTo(ResilientChatModel.builder(MAIN, whole)
                            .fallbackTo(BACKUP, whole, FailureKind.TIMEOUT)
                            .build()
                            .identity());
        }

        @Test
        void modelsThatNameThemselvesNeedNoIdentity() {
            record Named(Identity identity) implements StreamingChatModel, Identified {
                @Override
                public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
                    handler.onError(new AuthenticationException("401"));
                }
            }

            ask(ResilientStreamingChatModel.builder(new Named(MAIN))
                    .policy(policy().build())
                    .fallbackTo(new Named(BACKUP))
                    .build());

            assertThat(receiver.error).hasMessageContaining("(main: REFUSED; backup: REFUSED)");
        }
    }

    private void ask(StreamingChatModel model) {
        model.chat(request(), receiver);
        time.runAll();
    }

    private ResiliencePolicy.Builder policy() {
        return ResiliencePolicy.builder().time(time).clock(time).executor(time).listener(events);
    }

    private ResilientStreamingChatModel.Builder chain(StreamingChatModel main) {
        return ResilientStreamingChatModel.builder(MAIN, main).policy(policy().build());
    }

    private static ChatRequest request() {
        return ChatRequest.builder().messages(UserMessage.from("How long?")).build();
    }

    private static Consumer<StreamingChatResponseHandler> says(String... pieces) {
        return handler -> {
            for (String piece : pieces) {
                handler.onPartialResponse(piece);
            }
            handler.onCompleteResponse(ChatResponse.builder()
                    .aiMessage(AiMessage.from(String.join("", pieces)))
                    .finishReason(FinishReason.STOP)
                    .build());
        };
    }

    private static void awaitQuietly(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** A streaming model that does what it is told, and the last thing again and again. */
    private static final class Streams implements StreamingChatModel {

        private final Deque<Consumer<StreamingChatResponseHandler>> script = new ArrayDeque<>();
        private final List<ChatModelListener> listeners = new ArrayList<>();

        Streams then(Consumer<StreamingChatResponseHandler> step) {
            script.add(step);
            return this;
        }

        Streams listener(ChatModelListener listener) {
            listeners.add(listener);
            return this;
        }

        @Override
        public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
            (script.size() == 1 ? script.getFirst() : script.removeFirst()).accept(handler);
        }

        @Override
        public List<ChatModelListener> listeners() {
            return listeners;
        }

        @Override
        public ModelProvider provider() {
            return ModelProvider.OPEN_AI;
        }

        @Override
        public ChatRequestParameters defaultRequestParameters() {
            return ChatRequestParameters.builder().temperature(0.25).build();
        }

        @Override
        public Set<Capability> supportedCapabilities() {
            return Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
        }
    }

    /** Time that stands still until it is set, looked at by a thread that waits for it. */
    private static final class HandSetTime implements Timekeeper {

        private final AtomicLong now = new AtomicLong();
        private final Semaphore looks = new Semaphore(0);

        void awaitTwoMoreLooks() throws InterruptedException {
            looks.drainPermits();
            assertThat(looks.tryAcquire(3, 10, TimeUnit.SECONDS)).isTrue();
        }

        @Override
        public long nanoTime() {
            return now.get();
        }

        @Override
        public boolean await(Future<?> end, long nanos) throws InterruptedException {
            looks.release();
            return SYSTEM.await(end, TimeUnit.MILLISECONDS.toNanos(1));
        }

        @Override
        public void pause(long nanos) {
            throw new AssertionError("nothing is tried again here");
        }
    }

    private static final class Handle implements StreamingHandle {

        private boolean cancelled;

        @Override
        public void cancel() {
            cancelled = true;
        }

        @Override
        public boolean isCancelled() {
            return cancelled;
        }
    }

    private final class Receiver implements StreamingChatResponseHandler {

        private final List<String> seen = new ArrayList<>();
        private final List<Duration> at = new ArrayList<>();
        private boolean broken;
        private boolean brokenAtTheEnd;
        private @Nullable Throwable error;
        private CountDownLatch over = new CountDownLatch(1);

        Receiver whenOver(CountDownLatch latch) {
            over = latch;
            return this;
        }

        @Override
        public void onPartialResponse(String text) {
            see(text);
            if (broken) {
                throw new IllegalStateException("broken receiver");
            }
        }

        @Override
        public void onUnmappedRawEvent(Object event) {
            see("raw " + event);
        }

        @Override
        public void onCompleteResponse(ChatResponse response) {
            see("complete " + response.aiMessage().text());
            if (brokenAtTheEnd) {
                throw new IllegalStateException("broken receiver");
            }
        }

        @Override
        public void onError(Throwable failure) {
            error = failure;
            see("error");
            over.countDown();
        }

        private void see(String what) {
            seen.add(what);
            at.add(time.elapsed());
        }
    }
}
