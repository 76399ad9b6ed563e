package dev.llmlifecycle.core.app;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.AnswerEvent;
import dev.llmlifecycle.api.app.AnswerStream;
import dev.llmlifecycle.api.app.Outcome;
import dev.llmlifecycle.api.app.Question;
import dev.llmlifecycle.api.monitoring.Interaction;
import dev.llmlifecycle.api.monitoring.Step;
import dev.llmlifecycle.api.validation.Validator;
import dev.llmlifecycle.core.resilience.Deadline;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

/** Who ends a question, when, and on which thread. */
@NullMarked
@Timeout(60)
class LlmAppEndTest {

    private static final Duration SHORT = Duration.ofMillis(250);

    /** What stalls waits for it; the end of each test opens it. */
    private final CountDownLatch release = new CountDownLatch(1);

    private final CountDownLatch stalled = new CountDownLatch(1);
    private final Queue<Interaction> recorded = new ConcurrentLinkedQueue<>();
    private final RecordedEvents events = new RecordedEvents();
    private final List<ExecutorService> executors = new ArrayList<>();

    @AfterEach
    void letGo() throws InterruptedException {
        release.countDown();
        for (ExecutorService executor : executors) {
            executor.shutdown();
            assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    private ExecutorService pool(int threads) {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        executors.add(executor);
        return executor;
    }

    /** A model that stalls and notices an interrupt. */
    private ScriptedModel stalling() {
        return ScriptedModel.doing(request -> {
            stalled.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
            return ScriptedModel.response("Too late.");
        });
    }

    /** A model that stalls and does not. */
    private ScriptedModel deaf() {
        return ScriptedModel.doing(request -> {
            stalled.countDown();
            awaitDeaf(release);
            return ScriptedModel.response("Too late.");
        });
    }

    private static void awaitDeaf(CountDownLatch latch) {
        boolean done = false;
        while (!done) {
            try {
                latch.await();
                done = true;
            } catch (InterruptedException e) {
                // deaf on purpose
            }
        }
    }

    private LlmApp.Builder app(ChatModel model) {
        return Given.app(model).interactions(recorded::add);
    }

    private LlmApp.Builder streaming(StreamingChatModel model) {
        return LlmApp.builder().streamingModel(ScriptedModel.IDENTITY, model).interactions(recorded::add);
    }

    private static Question question() {
        return Question.of("How long?");
    }

    private void assertCancelled(Answer answer) {
        assertThat(answer.outcome()).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
            assertThat(failed.text()).isEqualTo("The question was cancelled");
            assertThat(failed.cause()).isEmpty();
        });
        assertThat(answer.interaction().outcome()).isEqualTo("cancelled");
        assertThat(recorded).containsExactly(answer.interaction());
    }

    private void assertExpired(Answer answer, String step) {
        assertThat(answer.outcome()).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
            assertThat(failed.text())
                    .isEqualTo("The answer took longer than the 250 ms that were left; allow more time or look at the"
                            + " steps of the interaction");
            assertThat(failed.step()).isEqualTo(step);
        });
        assertThat(answer.interaction().outcome()).isEqualTo("failed");
        assertThat(recorded).containsExactly(answer.interaction());
    }

    @Nested
    class Deadlines {

        @Test
        void holdWithAModelThatNoticesInterrupts() {
            ScriptedModel model = stalling();
            try (LlmApp app = app(model).timeout(SHORT).build()) {
                assertExpired(app.ask(question()), Step.MODEL);
            }
        }

        @Test
        void holdWithAModelThatDoesNot() {
            try (LlmApp app = app(deaf()).timeout(SHORT).build()) {
                assertExpired(app.ask(question()), Step.MODEL);
            }
        }

        @Test
        void holdWithAStreamingModelThatSendsNothing() {
            try (LlmApp app =
                    streaming(new ScriptedStream(handler -> {})).timeout(SHORT).build()) {
                assertExpired(app.ask(question()), Step.MODEL);
            }
        }

        @Test
        void holdWithAStreamingModelThatStallsInItsCall() {
            try (LlmApp app = streaming(new ScriptedStream(handler -> awaitDeaf(release)))
                    .timeout(SHORT)
                    .build()) {
                assertExpired(app.stream(question(), events).completion().join(), Step.MODEL);
                assertThat(events.answer().interaction().outcome()).isEqualTo("failed");
            }
        }

        @Test
        void holdWhenTheExecutorIsFullOfModelsThatNoticeNothing() {
            try (LlmApp app = app(deaf()).executor(pool(1)).timeout(SHORT).build()) {
                Answer running = app.ask(question());
                Answer waiting = app.ask(question());

                assertThat(running.interaction().outcome()).isEqualTo("failed");
                assertThat(((Outcome.Failed) waiting.outcome()).step()).isEqualTo(Step.RELEASE);
                assertThat(waiting.interaction().steps()).isEmpty();
            }
        }

        @Test
        void holdAfterTheApplicationWasClosed() {
            LlmApp app = app(stalling()).timeout(SHORT).build();
            AnswerStream stream = app.stream(question(), events);
            app.close();

            assertExpired(stream.completion().join(), Step.MODEL);
            assertThat(events.all).hasSize(1);
        }

        @Test
        void holdOnTheCallersThread() {
            try (LlmApp app =
                    app(stalling()).executor(Runnable::run).timeout(SHORT).build()) {
                assertExpired(app.ask(question()), Step.MODEL);
                assertThat(Thread.currentThread().isInterrupted())
                        .as("an interrupt that was meant for the question alone")
                        .isFalse();
            }
        }

        @Test
        void thatHavePassedAskNobody() {
            ScriptedModel model = ScriptedModel.saying("x");
            Instant now = Instant.parse("2026-03-01T10:00:00Z");
            try (LlmApp app = app(model).clock(Clock.fixed(now, ZoneOffset.UTC)).build()) {
                for (Instant deadline : List.of(now, now.minusSeconds(1), Instant.MIN)) {
                    Answer answer = app.ask(
                            Question.builder("How long?").deadline(deadline).build());

                    assertThat(answer.text())
                            .isEqualTo("The deadline of the question had passed when it was asked; allow more time");
                }
            }
            assertThat(model.requests).isEmpty();
            assertThat(recorded).hasSize(3);
        }

        @Test
        void leaveNoStepAndNoEventOfWhatComesLater() throws InterruptedException {
            CountDownLatch validated = new CountDownLatch(1);
            try (LlmApp app = app(deaf())
                    .executor(pool(1))
                    .timeout(SHORT)
                    .memory(new Memories()::memory)
                    .outputValidator(Given.validator("late", Validator.Scope.SENTENCE, text -> {
                        validated.countDown();
                        return Given.block("late", "No");
                    }))
                    .build()) {
                Answer answer = app.stream(question(), events).completion().join();
                release.countDown();
                executors.get(0).shutdown();
                assertThat(executors.get(0).awaitTermination(30, TimeUnit.SECONDS))
                        .isTrue();

                assertThat(events.all).containsExactly(new AnswerEvent.Completed(answer));
                assertThat(answer.findings()).isEmpty();
                assertThat(recorded).hasSize(1);
            }
        }
    }

    @Nested
    class Cancelling {

        @Test
        void beforeTheStartAsksNobody() {
            ScriptedModel model = ScriptedModel.saying("x");
            List<Runnable> queued = new ArrayList<>();
            try (LlmApp app = app(model).executor(queued::add).build()) {
                AnswerStream stream = app.stream(question(), events);
                stream.cancel();
                queued.forEach(Runnable::run);

                assertCancelled(stream.completion().join());
                assertThat(events.all).hasSize(1);
                assertThat(model.requests).isEmpty();
            }
        }

        @Test
        void whileTheModelStallsInterruptsIt() throws InterruptedException {
            try (LlmApp app = app(stalling()).executor(pool(1)).build()) {
                AnswerStream stream = app.stream(question(), events);
                stalled.await();
                stream.cancel();

                assertCancelled(stream.completion().join());
                assertThat(events.all).hasSize(1);
            }
        }

        @Test
        void whileStreamingKeepsWhatWasShownAndDropsTheRest() throws InterruptedException {
            AtomicReference<StreamingChatResponseHandler> endpoint = new AtomicReference<>();
            CountDownLatch shown = new CountDownLatch(1);
            CountDownLatch completed = new CountDownLatch(1);
            try (LlmApp app = streaming(new ScriptedStream(handler -> {
                        endpoint.set(handler);
                        handler.onPartialResponse("It takes ");
                    }))
                    .build()) {
                AnswerStream stream = app.stream(question(), event -> {
                    events.accept(event);
                    (event instanceof AnswerEvent.Completed ? completed : shown).countDown();
                });
                shown.await();
                stream.cancel();
                Answer answer = stream.completion().join();
                completed.await(); // the listener may still have been busy with the text
                requireNonNull(endpoint.get()).onPartialResponse("too late");
                requireNonNull(endpoint.get()).onCompleteResponse(ScriptedModel.response("It takes too late"));
                requireNonNull(endpoint.get()).onError(new IllegalStateException("too late"));

                assertCancelled(answer);
                assertThat(events.all)
                        .containsExactly(new AnswerEvent.Text("It takes "), new AnswerEvent.Completed(answer));
            }
        }

        @Test
        void doesNotWaitForAListenerThatIsStuck() throws InterruptedException {
            CountDownLatch completed = new CountDownLatch(1);
            try (LlmApp app =
                    streaming(ScriptedStream.of(List.of("One. ", "Two."))).build()) {
                AnswerStream stream = app.stream(question(), event -> {
                    events.accept(event);
                    if (event instanceof AnswerEvent.Completed) {
                        completed.countDown();
                    } else {
                        stalled.countDown();
                        awaitDeaf(release);
                    }
                });
                stalled.await();
                stream.cancel();
                Answer answer = stream.completion().join();
                assertCancelled(answer);
                assertThat(events.of(AnswerEvent.Completed.class)).isEmpty();

                release.countDown();
                completed.await();
                assertThat(events.all)
                        .containsExactly(new AnswerEvent.Text("One. "), new AnswerEvent.Completed(answer));
            }
        }

        @Test
        void fromInsideTheListenerIsHeardNext() {
            AtomicReference<AnswerStream> stream = new AtomicReference<>();
            BlockingQueue<Runnable> queued = new ArrayBlockingQueue<>(1);
            try (LlmApp app = streaming(ScriptedStream.onCallingThread(List.of("One. ", "Two.")))
                    .executor(queued::add)
                    .build()) {
                stream.set(app.stream(question(), event -> {
                    events.accept(event);
                    requireNonNull(stream.get()).cancel();
                }));
                queued.remove().run();

                Answer answer = requireNonNull(stream.get()).completion().join();
                assertCancelled(answer);
                assertThat(events.all)
                        .containsExactly(new AnswerEvent.Text("One. "), new AnswerEvent.Completed(answer));
            }
        }

        @Test
        void afterTheEndChangesNothing() {
            try (LlmApp app = app(ScriptedModel.saying("Fine.")).build()) {
                AnswerStream stream = app.stream(question(), events);
                Answer answer = stream.completion().join();
                stream.cancel();

                assertThat(stream.completion().join()).isEqualTo(answer);
                assertThat(answer.isAnswered()).isTrue();
                assertThat(recorded).hasSize(1);
            }
        }

        @Test
        void atAnyMomentEndsTheQuestionOnce() throws Exception {
            try (LlmApp app = streaming(ScriptedStream.of(List.of("One. ", "Two. ", "Three.")))
                    .build()) {
                for (int round = 0; round < 200; round++) {
                    RecordedEvents heard = new RecordedEvents();
                    CyclicBarrier together = new CyclicBarrier(2);
                    AtomicReference<AnswerStream> stream = new AtomicReference<>();
                    Thread canceller = ScriptedStream.onThread(() -> {
                        meet(together);
                        requireNonNull(stream.get()).cancel();
                    });
                    stream.set(app.stream(question(), heard));
                    meet(together);
                    Answer answer = requireNonNull(stream.get()).completion().get(30, TimeUnit.SECONDS);
                    canceller.join();

                    assertThat(answer.interaction().outcome()).isIn("answered", "cancelled");
                }
                assertThat(recorded).hasSize(200);
            }
        }

        @Test
        void leavesThePooledThreadWithoutAnInterrupt() throws Exception {
            ExecutorService pool = pool(1);
            try (LlmApp app = app(stalling()).executor(pool).build()) {
                AnswerStream stream = app.stream(question(), events);
                stalled.await();
                stream.cancel();

                assertThat(pool.submit(Thread::interrupted).get(30, TimeUnit.SECONDS))
                        .as("an interrupt left on a thread of the host")
                        .isFalse();
            }
        }

        @Test
        void completingTheFutureFromOutsideChangesNothing() {
            try (LlmApp app = app(stalling()).build()) {
                AnswerStream stream = app.stream(question(), events);
                assertThat(stream.completion().cancel(true)).isTrue();
                assertThat(stream.completion()).isNotDone();

                stream.cancel();
                assertCancelled(stream.completion().join());
            }
        }

        private void meet(CyclicBarrier barrier) {
            try {
                barrier.await(30, TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }

    @Nested
    class Callers {

        @Test
        void thatAreInterruptedGetACancelledQuestionAndKeepTheirFlag() throws Exception {
            try (LlmApp app = app(stalling()).build()) {
                AtomicReference<Answer> answer = new AtomicReference<>();
                AtomicBoolean flag = new AtomicBoolean();
                Thread caller = ScriptedStream.onThread(() -> {
                    answer.set(app.ask(question()));
                    flag.set(Thread.currentThread().isInterrupted());
                });
                stalled.await();
                caller.interrupt();
                caller.join(30_000);

                assertCancelled(requireNonNull(answer.get()));
                assertThat(flag).isTrue();
            }
        }

        @Test
        void mayAskOnAnExecutorOfTheirOwn() throws Exception {
            List<String> threads = new CopyOnWriteArrayList<>();
            ScriptedModel model = ScriptedModel.doing(request -> {
                threads.add(Thread.currentThread().getName());
                return ScriptedModel.response("Fine.");
            });
            Executor own = work -> new Thread(work, "the-hosts-own").start();
            try (LlmApp app = app(model).build()) {
                CompletableFuture<Answer> answer = app.askAsync(question(), own);

                assertThat(answer.get(30, TimeUnit.SECONDS).text()).isEqualTo("Fine.");
                assertThat(threads).containsExactly("the-hosts-own");
            }
        }

        @Test
        void whoseExecutorRejectsGetAFailure() {
            Executor full = work -> {
                throw new RejectedExecutionException("full");
            };
            try (LlmApp app = app(ScriptedModel.saying("x")).executor(full).build()) {
                for (Answer answer : List.of(
                        app.ask(question()), app.askAsync(question(), full).join())) {
                    assertThat(answer.outcome())
                            .isInstanceOfSatisfying(
                                    Outcome.Failed.class,
                                    failed -> assertThat(failed.text())
                                            .isEqualTo(
                                                    "The application's executor takes no more work; give it room or ask later"));
                }
            }
            assertThat(recorded).hasSize(2);
        }

        @Test
        void mayRunEverythingOnTheirThread() {
            List<Thread> threads = new ArrayList<>();
            ScriptedModel model = ScriptedModel.doing(request -> {
                threads.add(Thread.currentThread());
                return ScriptedModel.response("Fine.");
            });
            try (LlmApp app = app(model).executor(Runnable::run).build()) {
                app.stream(question(), event -> threads.add(Thread.currentThread()));

                assertThat(threads).hasSize(3).containsOnly(Thread.currentThread());
            }
        }

        @Test
        void areRefusedByAClosedApplication() {
            LlmApp app = app(ScriptedModel.saying("x")).build();
            app.close();
            app.close();

            assertThatIllegalStateException()
                    .isThrownBy(() -> app.ask("Hi"))
                    .withMessage("this application is closed; build a new one");
            assertThatIllegalStateException().isThrownBy(() -> app.askAsync(question(), Runnable::run));
            assertThatIllegalStateException().isThrownBy(() -> app.stream(question(), events));
            assertThatIllegalStateException().isThrownBy(app::release);
            assertThat(recorded).isEmpty();
        }

        @Test
        void stillGetWhatTheyAskedBeforeItWasClosed() throws InterruptedException {
            LlmApp app = app(deaf()).build();
            AnswerStream stream = app.stream(question(), events);
            stalled.await();
            app.close();
            release.countDown();

            assertThat(stream.completion().join().text()).isEqualTo("Too late.");
        }

        @Test
        void keepTheirExecutorWhenTheApplicationIsClosed() {
            ExecutorService pool = pool(1);
            try (LlmApp app = app(ScriptedModel.saying("x")).executor(pool).build()) {
                app.ask("Hi");
            }

            assertThat(pool.isShutdown()).isFalse();
        }

        @Test
        void mayBeTwoHundredAtOnce() throws Exception {
            CountDownLatch all = new CountDownLatch(200);
            ScriptedModel model = ScriptedModel.doing(request -> {
                all.countDown();
                try {
                    assertThat(all.await(50, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                List<String> texts = ScriptedModel.texts(request);
                return ScriptedModel.response("You said " + texts.get(texts.size() - 1));
            });
            try (LlmApp app = app(model).build()) {
                List<CompletableFuture<Answer>> answers = new ArrayList<>();
                for (int i = 0; i < 200; i++) {
                    answers.add(
                            app.stream(Question.of("number " + i), event -> {}).completion());
                }
                for (int i = 0; i < 200; i++) {
                    assertThat(answers.get(i).get(50, TimeUnit.SECONDS).text()).isEqualTo("You said number " + i);
                }
            }
            assertThat(recorded).hasSize(200).extracting(Interaction::id).doesNotHaveDuplicates();
        }
    }

    @Nested
    class Errors {

        @Test
        void ofAPartEndTheQuestionAndPassOn() {
            ChatModel broken = ScriptedModel.doing(request -> {
                throw new NoClassDefFoundError("ai/onnx/OrtSession");
            });
            List<Interaction> kept = new ArrayList<>();
            try (LlmApp app = Given.app(broken)
                    .executor(Runnable::run)
                    .interactions(kept::add)
                    .build()) {
                assertThatExceptionOfType(NoClassDefFoundError.class).isThrownBy(() -> app.stream(question(), events));
            }

            assertThat(events.answer().text())
                    .isEqualTo("The step 'model' failed with NoClassDefFoundError; look at the cause");
            assertThat(kept).containsExactly(events.answer().interaction());
        }

        @Test
        void ofASinkLoseNoCompletion() {
            List<AnswerStream> streams = new ArrayList<>();
            List<Runnable> queued = new ArrayList<>();
            try (LlmApp app = Given.app(ScriptedModel.saying("Fine."))
                    .executor(queued::add)
                    .interactions(interaction -> {
                        throw new StackOverflowError();
                    })
                    .build()) {
                streams.add(app.stream(question(), events));
                assertThatExceptionOfType(StackOverflowError.class).isThrownBy(() -> queued.forEach(Runnable::run));
            }

            assertThat(streams.get(0).completion().join().text()).isEqualTo("Fine.");
            assertThat(events.answer().isAnswered()).isTrue();
        }
    }

    /** The flow of one question may ask another application on the same thread. */
    @Test
    void applicationsMayBeNested() {
        try (LlmApp inner = app(ScriptedModel.saying("inner"))
                        .executor(Runnable::run)
                        .build();
                LlmApp outer = app(ScriptedModel.doing(request -> response(inner.ask(question()))))
                        .executor(Runnable::run)
                        .build()) {
            assertThat(outer.ask(question()).text()).isEqualTo("outer of inner");
        }
    }

    private static ChatResponse response(Answer answer) {
        return ScriptedModel.response("outer of " + answer.text());
    }

    @Test
    void modelsOfBothKindsHearOfTheDeadline() {
        List<Optional<Deadline>> heard = new CopyOnWriteArrayList<>();
        ChatModel chat = new ChatModel() {
            @Override
            public ChatResponse chat(ChatRequest request, ChatRequestOptions options) {
                heard.add(Deadline.of(options));
                return ScriptedModel.response("Fine.");
            }
        };
        StreamingChatModel streaming = new StreamingChatModel() {
            @Override
            public void chat(ChatRequest request, ChatRequestOptions options, StreamingChatResponseHandler handler) {
                heard.add(Deadline.of(options));
                handler.onCompleteResponse(ScriptedModel.response("Fine."));
            }
        };
        Question question =
                Question.builder("Hi").deadline(Instant.now().plusSeconds(100)).build();
        try (LlmApp app = Given.app(chat)
                .streamingModel(ScriptedModel.IDENTITY, streaming)
                .build()) {
            app.ask(question);
            app.stream(question, event -> {}).completion().join();
        }

        assertThat(heard)
                .hasSize(2)
                .allSatisfy(deadline -> assertThat(deadline.orElseThrow().at())
                        .isCloseTo(question.deadline().orElseThrow(), within(1, ChronoUnit.SECONDS)));
    }
}
