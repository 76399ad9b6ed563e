package dev.llmlifecycle.core.resilience;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.UnresolvedModelServerException;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.listener.ChatModelErrorContext;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.listener.ChatModelRequestContext;
import dev.langchain4j.model.chat.listener.ChatModelResponseContext;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Identified;
import dev.llmlifecycle.api.identity.Identity;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

final class ResilientChatModelTest {

    private static final Identity MAIN = Identity.of("main", "1");
    private static final Identity BACKUP = Identity.of("backup", "1");
    private static final Identity LAST = Identity.of("last", "1");

    private final VirtualTime time = new VirtualTime();
    private final Events events = new Events();

    @Nested
    final class Retries {

        @Test
        void aTransientFailureIsTriedAgain() {
            ScriptedChatModel main = ScriptedChatModel.failing(new InternalServerException("down"))
                    .then(new RateLimitException("slow down"))
                    .then("Within 30 days.");

            assertThat(chain(main).build().chat("How long?")).isEqualTo("Within 30 days.");
            assertThat(main.calls()).isEqualTo(3);
            assertThat(events.seen).containsExactly("retry main SERVER_ERROR", "retry main RATE_LIMIT");
        }

        @Test
        void theNumberOfAttemptsIsBoundedAndTheMessageNamesThem() {
            RuntimeException last = new RateLimitException("secret sk-123 and a prompt");
            ScriptedChatModel main = ScriptedChatModel.failing(new InternalServerException("down"))
                    .then(new RuntimeException(new IOException("reset")))
                    .then(last);

            ModelCallException failure = failureOf(chain(main).build());

            assertThat(failure)
                    .hasMessage("Calling the model 'main' failed after 3 attempts (main: SERVER_ERROR, CONNECTION,"
                            + " RATE_LIMIT), at last with RateLimitException; wait, ask for a higher limit, or add a"
                            + " fallback")
                    .hasCause(last);
            assertThat(failure.kind()).isEqualTo(FailureKind.RATE_LIMIT);
            assertThat(failure.attempts())
                    .extracting(FailedAttempt::kind)
                    .containsExactly(FailureKind.SERVER_ERROR, FailureKind.CONNECTION, FailureKind.RATE_LIMIT);
        }

        @Test
        void whatIsRefusedForGoodIsTriedOnce() {
            for (RuntimeException refusal : List.of(
                    new AuthenticationException("401"),
                    new InvalidRequestException("400"),
                    new ContentFilteredException("filtered"),
                    new UnresolvedModelServerException("no such host"),
                    new IllegalStateException("a bug"))) {
                ScriptedChatModel main = ScriptedChatModel.failing(refusal);

                assertThat(failureOf(chain(main).build()))
                        .hasCause(refusal)
                        .hasMessageContaining("after 1 attempt (main: " + FailureKind.of(refusal));
                assertThat(main.calls()).isEqualTo(1);
            }
        }

        @Test
        void waitsDoubleUpToTheLongest() {
            ResiliencePolicy policy = policy().maxRetries(4)
                    .backoff(Duration.ofMillis(500), Duration.ofSeconds(3))
                    .jitter(0)
                    .noCircuitBreaker()
                    .build();

            failureOf(chain(down()).policy(policy).build());

            assertThat(time.pauses())
                    .containsExactly(
                            Duration.ofMillis(500),
                            Duration.ofSeconds(1),
                            Duration.ofSeconds(2),
                            Duration.ofSeconds(3));
        }

        @ParameterizedTest
        @ValueSource(longs = {1, 2, 3, 4711})
        void jitterShortensAWaitByItsPartAtMostAndIsRepeatable(long seed) {
            ResiliencePolicy policy = policy().maxRetries(3)
                    .backoff(Duration.ofMillis(100), Duration.ofSeconds(1))
                    .jitter(0.5)
                    .seed(seed)
                    .build();

            failureOf(chain(down()).policy(policy).build());
            failureOf(chain(down()).policy(policy).build());

            List<Duration> pauses = time.pauses();
            assertThat(pauses.get(0)).isBetween(Duration.ofMillis(50), Duration.ofMillis(100));
            assertThat(pauses.get(1)).isBetween(Duration.ofMillis(100), Duration.ofMillis(200));
            assertThat(pauses.get(2)).isBetween(Duration.ofMillis(200), Duration.ofMillis(400));
            assertThat(pauses.subList(3, 6)).isEqualTo(pauses.subList(0, 3));
        }

        @Test
        void anEndpointThatAsksForALongerWaitGetsIt() {
            ScriptedChatModel main = ScriptedChatModel.failing(
                            new RuntimeException(new RetryAfterException(429, Duration.ofSeconds(7))))
                    .then("ok");

            assertThat(chain(main).build().chat("How long?")).isEqualTo("ok");
            assertThat(time.pauses()).containsExactly(Duration.ofSeconds(7));
        }

        @Test
        void anEndpointThatAsksForAShorterWaitDoesNotGetIt() {
            ScriptedChatModel main = ScriptedChatModel.failing(new RetryAfterException(429, Duration.ofMillis(1)))
                    .then("ok");

            chain(main).policy(policy().jitter(0).build()).build().chat("How long?");

            assertThat(time.pauses()).containsExactly(Duration.ofMillis(500));
        }

        @Test
        void aWaitThatOutlastsTheCallIsNotBegun() {
            ScriptedChatModel main =
                    ScriptedChatModel.failing(new RetryAfterException(429, Duration.ofSeconds(Long.MAX_VALUE / 2)));

            ResilientChatModel model = chain(main)
                    .fallbackTo(BACKUP, ScriptedChatModel.answering("from backup"))
                    .build();

            assertThat(model.chat("How long?")).isEqualTo("from backup");
            assertThat(time.pauses()).isEmpty();
        }

        @Test
        void aFunctionMayFindTheWaitElsewhereAndItsFailureIsPassedOver() {
            ScriptedChatModel main = ScriptedChatModel.failing(new RateLimitException("try again in 9s"))
                    .then(new RateLimitException("broken"))
                    .then("ok");
            ResiliencePolicy policy = policy().jitter(0)
                    .retryAfter(failure -> Optional.of(Duration.ofSeconds(Integer.parseInt(
                            String.valueOf(failure.getMessage()).replaceAll("\\D", "")))))
                    .build();

            chain(main).policy(policy).build().chat("How long?");

            assertThat(time.pauses()).containsExactly(Duration.ofSeconds(9), Duration.ofSeconds(1));
        }

        @Test
        void anEmptyAnswerIsAFailureAndAnAnswerWithAReasonIsNot() {
            ChatResponse empty = ChatResponse.builder()
                    .aiMessage(AiMessage.builder().build())
                    .build();
            ScriptedChatModel main = new ScriptedChatModel().then(empty).then("ok");

            assertThat(chain(main).build().chat("How long?")).isEqualTo("ok");
            assertThat(events.seen).containsExactly("retry main MALFORMED_ANSWER");
        }

        @Test
        void anErrorOfTheMachineGoesThrough() {
            ScriptedChatModel main = ScriptedChatModel.failing(new LinkageError("broken"));

            assertThatExceptionOfType(LinkageError.class)
                    .isThrownBy(() -> chain(main).build().chat("How long?"));
            assertThat(main.calls()).isEqualTo(1);
        }

        @Test
        void aListenerThatThrowsHindersNothing() {
            ScriptedChatModel main = ScriptedChatModel.failing(new InternalServerException("down"))
                    .then("ok");
            ResilienceListener broken = new ResilienceListener() {
                @Override
                public void onRetry(FailedAttempt failed, Duration wait) {
                    throw new IllegalStateException("broken");
                }
            };

            assertThat(chain(main)
                            .policy(policy().listener(broken).build())
                            .build()
                            .chat("How long?"))
                    .isEqualTo("ok");
        }

        @Test
        void anExecutorWithoutRoomIsAFailure() {
            ResiliencePolicy policy = policy().executor(work -> {
                        throw new RejectedExecutionException("full");
                    })
                    .build();

            assertThat(failureOf(chain(down()).policy(policy).build()))
                    .hasCauseInstanceOf(RejectedExecutionException.class);
        }
    }

    @Nested
    final class Timeouts {

        @Test
        void anAttemptIsGivenUpAfterItsTime() {
            time.nextTakes(Duration.ofSeconds(31));
            ScriptedChatModel main = ScriptedChatModel.answering("in time");

            assertThat(chain(main).policy(policy().jitter(0).build()).build().chat("How long?"))
                    .isEqualTo("in time");
            assertThat(events.seen).containsExactly("retry main TIMEOUT");
            assertThat(time.elapsed()).isEqualTo(Duration.ofMillis(30_500));
        }

        @Test
        void allAttemptsTogetherEndWithTheTotal() {
            time.nextTakes(Duration.ofDays(1)).nextTakes(Duration.ofDays(1)).nextTakes(Duration.ofDays(1));

            ModelCallException failure = failureOf(chain(down())
                    .policy(policy().jitter(0).build())
                    .fallbackTo(BACKUP, ScriptedChatModel.answering("too late"))
                    .build());

            assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
            assertThat(failure.attempts())
                    .extracting(FailedAttempt::took)
                    .containsExactly(Duration.ofSeconds(30), Duration.ofMillis(29_500));
            assertThat(failure.getCause()).hasMessage("no answer within 29500 ms");
            assertThat(time.elapsed()).isEqualTo(Duration.ofSeconds(60));
        }

        @Test
        void aDeadlineOfTheRequestThatIsEarlierHolds() {
            time.nextTakes(Duration.ofDays(1));
            ChatRequestOptions options =
                    Deadline.at(VirtualTime.START.plusSeconds(2)).addTo(ChatRequestOptions.EMPTY);

            assertThatExceptionOfType(ModelCallException.class)
                    .isThrownBy(() -> chain(down()).build().chat(request(), options));
            assertThat(time.elapsed()).isEqualTo(Duration.ofSeconds(2));
        }

        @Test
        void afterTheDeadlineNothingIsTried() {
            ScriptedChatModel main = ScriptedChatModel.answering("ok");
            ChatRequestOptions options = Deadline.at(VirtualTime.START).addTo(ChatRequestOptions.EMPTY);

            assertThatExceptionOfType(ModelCallException.class)
                    .isThrownBy(() -> chain(main).build().chat(request(), options))
                    .withMessage("Calling the model 'main' failed after 0 attempts, at last with TimeoutException;"
                            + " allow more time, or add a fallback");
            assertThat(main.calls()).isZero();
        }

        @Test
        void eachAttemptIsToldItsDeadlineAndKeepsTheOtherAttributes() {
            ScriptedChatModel main = ScriptedChatModel.failing(new InternalServerException("down"))
                    .then("ok");
            ChatRequestOptions options = ChatRequestOptions.builder()
                    .listenerAttributes(Map.of("trace", "t-1"))
                    .build();

            chain(main).policy(policy().jitter(0).build()).build().chat(request(), options);

            assertThat(main.options)
                    .allSatisfy(told -> assertThat(told.listenerAttributes())
                            .containsEntry("trace", "t-1")
                            .hasSize(2));
            assertThat(main.options)
                    .extracting(told -> Deadline.of(told).orElseThrow().at())
                    .containsExactly(VirtualTime.START.plusSeconds(30), VirtualTime.START.plusMillis(30_500));
        }

        @Test
        void anInterruptEndsTheWaitingAndIsKept() {
            Thread.currentThread().interrupt();

            assertThatExceptionOfType(LifecycleException.class)
                    .isThrownBy(() -> chain(down()).build().chat("How long?"))
                    .withMessage("Calling the model 'main' was interrupted; call it again")
                    .withCauseInstanceOf(InterruptedException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Nested
    final class Fallbacks {

        @Test
        void theFirstModelOfTheRightKindTakesOver() {
            ScriptedChatModel backup = ScriptedChatModel.answering("from backup");

            ResilientChatModel model = chain(down())
                    .fallbackTo(BACKUP, backup, FailureKind.RATE_LIMIT)
                    .fallbackTo(LAST, ScriptedChatModel.answering("from last"), FailureKind.SERVER_ERROR)
                    .build();

            assertThat(model.chat("How long?")).isEqualTo("from last");
            assertThat(backup.calls()).isZero();
            assertThat(events.seen).last().isEqualTo("fallback main SERVER_ERROR to last");
        }

        @Test
        void eachModelIsTriedOnceWithItsRetriesAndThenItIsOver() {
            ScriptedChatModel main = down();
            ScriptedChatModel backup = ScriptedChatModel.failing(new AuthenticationException("401"));
            ScriptedChatModel last = down();

            ModelCallException failure = failureOf(chain(main)
                    .fallbackTo(BACKUP, backup)
                    .fallbackTo(LAST, last)
                    .build());

            assertThat(failure)
                    .hasMessageStartingWith("Calling the model 'main' failed after 7 attempts (main: SERVER_ERROR,"
                            + " SERVER_ERROR, SERVER_ERROR; backup: REFUSED; last: SERVER_ERROR, SERVER_ERROR,"
                            + " SERVER_ERROR), at last with InternalServerException");
            assertThat(List.of(main.calls(), backup.calls(), last.calls())).containsExactly(3, 1, 3);
        }

        @Test
        void aFailureThatNoModelTakesOverEndsTheCall() {
            ResilientChatModel model = chain(ScriptedChatModel.failing(new AuthenticationException("401")))
                    .fallbackTo(BACKUP, ScriptedChatModel.answering("from backup"), FailureKind.TIMEOUT)
                    .build();

            assertThat(failureOf(model).kind()).isEqualTo(FailureKind.REFUSED);
        }

        @Test
        void aFallbackGetsTheRequestWithoutTheNameOfTheOtherModel() {
            ScriptedChatModel main = down();
            ScriptedChatModel backup = ScriptedChatModel.answering("ok");
            ChatRequest named = ChatRequest.builder()
                    .messages(UserMessage.from("How long?"))
                    .modelName("main-large")
                    .maxOutputTokens(7)
                    .build();

            chain(main).fallbackTo(BACKUP, backup).build().chat(named);

            assertThat(main.requests.get(0).modelName()).isEqualTo("main-large");
            assertThat(backup.requests.get(0).modelName()).isNull();
            assertThat(backup.requests.get(0).maxOutputTokens()).isEqualTo(7);
            assertThat(backup.requests.get(0).messages()).isEqualTo(named.messages());
        }

        @Test
        void aResilientModelMayBePartOfAnother() {
            ResilientChatModel inner = chain(ScriptedChatModel.failing(new RateLimitException("slow down")))
                    .policy(policy().maxRetries(0).build())
                    .build();

            ResilientChatModel outer = ResilientChatModel.builder(inner)
                    .policy(policy().maxRetries(0).build())
                    .fallbackTo(BACKUP, ScriptedChatModel.answering("from backup"), FailureKind.RATE_LIMIT)
                    .build();

            assertThat(outer.chat("How long?")).isEqualTo("from backup");
        }

        @Test
        void twoModelsOfOneNameAreRefused() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> chain(down()).fallbackTo(MAIN, down()).build())
                    .withMessage("two models of the chain are named 'main'; give each a name of its own");
        }
    }

    @Nested
    final class Circuits {

        private final ResiliencePolicy policy =
                policy().maxRetries(0).circuitBreaker(2, Duration.ofSeconds(30)).build();

        @Test
        void anOpenCircuitSparesTheModelAndLetsOneCallThroughLater() throws InterruptedException {
            ScriptedChatModel main = down().then(new InternalServerException("down"))
                    .then(new InternalServerException("down"))
                    .then("up again");
            ResilientChatModel model = chain(main).policy(policy).build();

            failureOf(model);
            failureOf(model);
            ModelCallException spared = failureOf(model);

            assertThat(main.calls()).isEqualTo(2);
            assertThat(events.seen).containsExactly("open main");
            assertThat(spared)
                    .hasMessage("Calling the model 'main' failed after 1 attempt (main: CIRCUIT_OPEN), at last with"
                            + " CIRCUIT_OPEN; wait until the circuit lets a call through, or add a fallback")
                    .hasNoCause();

            time.pause(Duration.ofSeconds(30).toNanos());
            failureOf(model);
            assertThat(failureOf(model).kind()).isEqualTo(FailureKind.CIRCUIT_OPEN);
            assertThat(main.calls()).isEqualTo(3);

            time.pause(Duration.ofSeconds(30).toNanos());
            assertThat(model.chat("How long?")).isEqualTo("up again");
            assertThat(model.chat("How long?")).isEqualTo("up again");
        }

        @Test
        void aFallbackForWhatOpenedTheCircuitTakesOverWhileItIsOpen() {
            ScriptedChatModel backup = ScriptedChatModel.answering("from backup");
            ScriptedChatModel main = ScriptedChatModel.failing(new RateLimitException("slow down"));
            ResilientChatModel model = chain(main)
                    .policy(policy)
                    .fallbackTo(BACKUP, backup, FailureKind.RATE_LIMIT)
                    .build();

            for (int i = 0; i < 5; i++) {
                assertThat(model.chat("How long?")).isEqualTo("from backup");
            }
            assertThat(main.calls()).isEqualTo(2);
        }

        @Test
        void refusedRequestsDoNotOpenIt() {
            ScriptedChatModel main = ScriptedChatModel.failing(new InvalidRequestException("400"));
            ResilientChatModel model = chain(main).policy(policy).build();

            for (int i = 0; i < 5; i++) {
                failureOf(model);
            }
            assertThat(main.calls()).isEqualTo(5);
        }

        @Test
        void aDeadlineOfTheCallerSaysNothingAboutTheModel() {
            ResilientChatModel model =
                    chain(ScriptedChatModel.answering("ok")).policy(policy).build();
            for (int i = 0; i < 3; i++) {
                time.nextTakes(Duration.ofSeconds(1));
                ChatRequestOptions options =
                        Deadline.at(time.instant().plusMillis(1)).addTo(ChatRequestOptions.EMPTY);
                assertThatExceptionOfType(ModelCallException.class).isThrownBy(() -> model.chat(request(), options));
            }

            assertThat(model.chat("How long?")).isEqualTo("ok");
        }

        @Test
        void anInterruptedTrialLeavesItOpen() throws InterruptedException {
            ScriptedChatModel main = down();
            ResilientChatModel model = chain(main).policy(policy).build();
            failureOf(model);
            failureOf(model);
            time.pause(Duration.ofSeconds(30).toNanos());

            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> model.chat("How long?")).hasMessageContaining("interrupted");
            assertThat(Thread.interrupted()).isTrue();

            assertThat(failureOf(model).kind()).isEqualTo(FailureKind.CIRCUIT_OPEN);
        }
    }

    @Nested
    final class Decoration {

        @Test
        void itDescribesItselfAsTheFirstModelDoes() {
            ResilientChatModel model = chain(down()).build();

            assertThat(model.provider()).isEqualTo(ModelProvider.OPEN_AI);
            assertThat(model.supportedCapabilities()).containsExactly(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
            assertThat(model.defaultRequestParameters().temperature()).isEqualTo(0.25);
            assertThat(model.listeners()).isEmpty();
        }

        @Test
        void listenersHearEachAttemptOnce() {
            List<String> heard = new ArrayList<>();
            ScriptedChatModel main = ScriptedChatModel.failing(new InternalServerException("down"))
                    .then("ok")
                    .listener(new ChatModelListener() {
                        @Override
                        public void onRequest(ChatModelRequestContext context) {
                            heard.add("request " + context.attributes().get("trace"));
                        }

                        @Override
                        public void onResponse(ChatModelResponseContext context) {
                            heard.add("response");
                        }

                        @Override
                        public void onError(ChatModelErrorContext context) {
                            heard.add("error");
                        }
                    });
            ChatRequestOptions options = ChatRequestOptions.builder()
                    .addListenerAttribute("trace", "t-1")
                    .build();

            chain(main).build().chat(request(), options);

            assertThat(heard).containsExactly("request t-1", "error", "request t-1", "response");
        }

        @Test
        void everyWayOfCallingItIsResilient() {
            ScriptedChatModel main = ScriptedChatModel.failing(new InternalServerException("down"))
                    .then("ok");

            assertThat(chain(main).build().doChat(request()).aiMessage().text()).isEqualTo("ok");
            assertThat(chain(main).build().chat(request(), null).aiMessage().text())
                    .isEqualTo("ok");
        }

        @Test
        void theIdentityCoversPolicyModelsAndConditions() {
            ChatModel any = down();
            Identity identity = chain(any).fallbackTo(BACKUP, any).build().identity();

            assertThat(chain(any).fallbackTo(BACKUP, down()).build().identity()).isEqualTo(identity);
            assertThat(identity.name()).isEqualTo("resilient-main");
            assertThat(List.of(
                            chain(any).build().identity(),
                            chain(any).fallbackTo(LAST, any).build().identity(),
                            chain(any)
                                    .fallbackTo(BACKUP, any, FailureKind.TIMEOUT)
                                    .build()
                                    .identity(),
                            chain(any)
                                    .policy(policy().maxRetries(1).build())
                                    .fallbackTo(BACKUP, any)
                                    .build()
                                    .identity()))
                    .doesNotContain(identity)
                    .doesNotHaveDuplicates();
        }

        @Test
        void modelsThatNameThemselvesNeedNoIdentity() {
            record Named(Identity identity, String text) implements ChatModel, Identified {
                @Override
                public ChatResponse doChat(ChatRequest request) {
                    throw new AuthenticationException(text);
                }
            }

            ResilientChatModel model = ResilientChatModel.builder(new Named(MAIN, "a"))
                    .fallbackTo(new Named(BACKUP, "b"))
                    .build();

            assertThat(failureOf(model)).hasMessageContaining("(main: REFUSED; backup: REFUSED)");
        }
    }

    private ResiliencePolicy.Builder policy() {
        return ResiliencePolicy.builder().time(time).clock(time).executor(time).listener(events);
    }

    private ResilientChatModel.Builder chain(ChatModel main) {
        return ResilientChatModel.builder(MAIN, main).policy(policy().build());
    }

    private static ScriptedChatModel down() {
        return ScriptedChatModel.failing(new InternalServerException("down"));
    }

    private static ChatRequest request() {
        return ChatRequest.builder().messages(UserMessage.from("How long?")).build();
    }

    private static ModelCallException failureOf(ChatModel model) {
        ModelCallException failure =
                catchThrowableOfType(ModelCallException.class, () -> model.chat("a prompt that nobody repeats"));
        assertThat(failure).isNotNull().message().doesNotContain("a prompt");
        return failure;
    }
}
