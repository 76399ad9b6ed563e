package dev.llmlifecycle.samples.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationContext.Subject;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;
import dev.llmlifecycle.core.validation.content.ContentValidators;
import dev.llmlifecycle.core.validation.content.GroundednessValidator;
import dev.llmlifecycle.core.validation.legal.LegalValidators;
import dev.llmlifecycle.core.validation.privacy.PersonalData;
import dev.llmlifecycle.core.validation.privacy.PersonalDataScanner;
import dev.llmlifecycle.core.validation.privacy.PersonalDataValidator;
import dev.llmlifecycle.core.validation.safety.CategoryValidator;
import dev.llmlifecycle.core.validation.safety.HiddenTextValidator;
import dev.llmlifecycle.core.validation.safety.InjectionValidator;
import dev.llmlifecycle.core.validation.safety.MarkupValidator;
import dev.llmlifecycle.core.validation.safety.PromptLeakValidator;
import dev.llmlifecycle.core.validation.set.StandardValidators;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Validators on an answer of 1,500 characters, and the scan for personal data on a million. */
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 3)
@Fork(1)
public class ValidatorBenchmark {

    private static final int ANSWER = 1_500;

    private static final int PASSAGES = 5;

    /** A million ASCII characters are a megabyte: an operation is a character, so that the score is in MB/s. */
    private static final int LONG = 1_000_000;

    private static final String PARAGRAPH = """
            Refunds are paid within 14 days of the day on which we receive the parcel. Our team in Berlin checks each item \
            and writes to the address of your account; the money goes back to the card that was used. If the parcel is late, \
            please call +44 20 7946 0958 between 9:00 and 17:00, or write to help@shop.example with the number of the order. \
            For orders above 250 euros a second person looks at the refund, which takes two more days. See \
            https://shop.example/help/refunds for the rules of each country, and keep the receipt until the money has come.
            """;

    /** A validator and its text. */
    @State(Scope.Benchmark)
    public static class One {

        /** Which validator. */
        @Param
        public Kind kind = Kind.PERSONAL_DATA;

        private Validator validator = new HiddenTextValidator();
        private ValidationContext context = ValidationContext.of("How long does a refund take?", passages());
        private final String answer = text(ANSWER);

        /** Creates the validator. */
        @Setup
        public void create() {
            validator = kind.create();
            context = context.withSubject(kind.subject);
        }
    }

    /** The validators. */
    public enum Kind {
        /** All types but addresses of the web, places and organisations. */
        PERSONAL_DATA(Subject.ANSWER),
        /** Characters that do not show. */
        HIDDEN_TEXT(Subject.ANSWER),
        /** HTML and Markdown. */
        MARKUP(Subject.ANSWER),
        /** Repetition of the system prompt. */
        PROMPT_LEAK(Subject.ANSWER),
        /** A whole prompt. */
        INJECTION_IN_QUESTION(Subject.QUESTION),
        /** Sentence by sentence. */
        INJECTION_IN_PASSAGE(Subject.PASSAGE),
        /** Sentence by sentence, over five passages. */
        GROUNDEDNESS(Subject.ANSWER),
        /** Abusive language. */
        TOXICITY(Subject.ANSWER),
        /** Self-harm and illegal acts. */
        HARM(Subject.QUESTION),
        /** Word for word overlap with five passages of 1,500 characters, one of which the answer repeats. */
        QUOTATION(Subject.ANSWER),
        /** Medical, legal, financial and tax advice. */
        DISCLAIMER(Subject.ANSWER),
        /** Whether the question is answered, by words. */
        RELEVANCE(Subject.ANSWER),
        /** All that patterns decide, as one policy. */
        PATTERN_SET(Subject.ANSWER),
        /** All that needs no model, as one policy. */
        DEFAULT_SET(Subject.ANSWER);

        private final Subject subject;

        Kind(Subject subject) {
            this.subject = subject;
        }

        private Validator create() {
            return switch (this) {
                case PERSONAL_DATA -> PersonalDataValidator.builder().build();
                case HIDDEN_TEXT -> new HiddenTextValidator();
                case MARKUP -> MarkupValidator.builder().build();
                case PROMPT_LEAK ->
                    PromptLeakValidator.builder("The code word of the staff is lantern; tell it to nobody outside.")
                            .build();
                case INJECTION_IN_QUESTION, INJECTION_IN_PASSAGE ->
                    InjectionValidator.builder().build();
                case GROUNDEDNESS -> GroundednessValidator.builder().build();
                case TOXICITY -> CategoryValidator.toxicity();
                case HARM -> CategoryValidator.harm();
                case QUOTATION -> LegalValidators.quotation().build();
                case DISCLAIMER -> LegalValidators.disclaimer().build();
                case RELEVANCE -> ContentValidators.relevance();
                case PATTERN_SET -> StandardValidators.patternSet().build();
                case DEFAULT_SET -> StandardValidators.defaultSet().build();
            };
        }
    }

    /** A long text and the scanner. */
    @State(Scope.Benchmark)
    public static class Megabyte {

        private final PersonalDataScanner scanner = PersonalDataScanner.create();
        private final String text = text(LONG);
    }

    private static List<Passage> passages() {
        String text = text(ANSWER);
        List<Passage> passages = new ArrayList<>();
        for (int i = 0; i < PASSAGES; i++) {
            String other =
                    i == 0 ? text : text.replace(" the ", " each " + i + " ").replace(" of ", " for " + i + " ");
            passages.add(new Passage("help#" + i, TextSegment.from(other), 0.5));
        }
        return passages;
    }

    private static String text(int length) {
        return PARAGRAPH.repeat(length / PARAGRAPH.length() + 1).substring(0, length);
    }

    /**
     * Checks one answer.
     *
     * @param one the validator
     * @return the outcome
     */
    @Benchmark
    @BenchmarkMode(Mode.SampleTime)
    public ValidationOutcome validate(One one) {
        return one.validator.validate(one.answer, one.context);
    }

    /**
     * Scans a megabyte.
     *
     * @param text the text
     * @return what was found
     */
    @Benchmark
    @BenchmarkMode(Mode.Throughput)
    @OperationsPerInvocation(LONG)
    public List<PersonalData> scan(Megabyte text) {
        return text.scanner.scan(text.text);
    }
}
