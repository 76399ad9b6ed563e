package dev.llmlifecycle.samples.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.AnswerEvent;
import dev.llmlifecycle.api.app.Outcome;
import dev.llmlifecycle.api.app.Question;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.core.app.LlmApp;
import dev.llmlifecycle.core.validation.set.StandardValidators;

/**
 * How much later the first and the last text of a stream comes when sentences are held back until their validators have
 * passed them, against a stream without validators. The model sends word by word.
 *
 * <p>{@code java -cp benchmarks.jar dev.llmlifecycle.samples.benchmarks.StreamingValidation --streams 200 --micros
 * 5000}: with no pause between words, what is left is the work of the validators.
 */
public final class StreamingValidation {

    private static final int WARM_UP = 50;
    private static final double P50 = 0.5;
    private static final double P99 = 0.99;
    private static final double MICROS = 1e3;

    private static final String TEXT =
            "Refunds are paid within 14 days of the day on which the parcel is back with us [1]. A refund goes to the means"
                    + " of payment that was used [1]. Card refunds may take up to five more days at the bank [1]. A return"
                    + " is free of charge within Germany [2]. You print the label yourself and keep the receipt of the"
                    + " shop [2].";
    private static final List<String> WORDS = List.of(Pattern.compile("(?<= )").split(TEXT, -1));

    private StreamingValidation() {}

    /**
     * Measures.
     *
     * @param arguments {@code --streams N}, {@code --micros N} between two words
     */
    public static void main(String[] arguments) {
        Arguments given = Arguments.of(arguments);
        int streams = given.number("streams", 200);
        int micros = given.number("micros", 0);
        measure(false, WARM_UP, 0);
        measure(true, WARM_UP, 0);
        print("without validators", measure(false, streams, micros));
        print("default set, by sentence", measure(true, streams, micros));
    }

    private static void print(String name, Times times) {
        System.out.printf(
                Locale.ROOT,
                "%s: first text p50 %.2f ms, p99 %.2f ms; end p50 %.2f ms, p99 %.2f ms; %d pieces a stream%n",
                name,
                at(times.first(), P50),
                at(times.first(), P99),
                at(times.last(), P50),
                at(times.last(), P99),
                times.pieces());
    }

    private static double at(List<Long> sorted, double share) {
        return sorted.get((int) Math.min(sorted.size() - 1.0, Math.floor(share * sorted.size()))) / MICROS / MICROS;
    }

    /** Streams one after the other. */
    static Times measure(boolean validated, int streams, int micros) {
        LlmApp.Builder builder = LlmApp.builder()
                .streamingModel(Identity.of("words", "1"), new Words(micros))
                .retriever(NoOpParts.retriever());
        if (validated) {
            builder.outputValidator(StandardValidators.defaultSet().build());
        }
        long[] first = new long[streams];
        long[] last = new long[streams];
        AtomicInteger pieces = new AtomicInteger();
        try (LlmApp app = builder.build()) {
            for (int i = 0; i < streams; i++) {
                AtomicLong firstText = new AtomicLong();
                long start = System.nanoTime();
                Answer answer = app.stream(Question.of(NoOpParts.QUESTION), event -> {
                            if (event instanceof AnswerEvent.Text) {
                                firstText.compareAndSet(0, System.nanoTime() - start);
                                pieces.incrementAndGet();
                            }
                        })
                        .completion()
                        .join();
                last[i] = System.nanoTime() - start;
                first[i] = firstText.get();
                if (!(answer.outcome() instanceof Outcome.Answered)) {
                    throw new IllegalStateException("a stream ended with " + answer.outcome());
                }
            }
        }
        return new Times(sorted(first), sorted(last), pieces.get() / streams);
    }

    private static List<Long> sorted(long[] nanos) {
        return Arrays.stream(nanos).sorted().boxed().toList();
    }

    /**
     * Nanoseconds to the first text and to the end, ascending, and in how many pieces the text came.
     *
     * @param first to the first text
     * @param last to the end
     * @param pieces texts of one stream
     */
    record Times(List<Long> first, List<Long> last, int pieces) {}

    /** Sends a word, waits, sends the next, on a thread of its own as an endpoint does. */
    private record Words(int micros) implements StreamingChatModel {

        @Override
        public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
            Thread endpoint = new Thread(() -> send(handler), "endpoint");
            endpoint.setDaemon(true);
            endpoint.start();
        }

        private void send(StreamingChatResponseHandler handler) {
            for (String word : WORDS) {
                if (micros > 0) {
                    LockSupport.parkNanos(micros * 1_000L);
                }
                handler.onPartialResponse(word);
            }
            handler.onCompleteResponse(
                    ChatResponse.builder().aiMessage(AiMessage.from(TEXT)).build());
        }
    }
}
