package dev.llmlifecycle.samples.benchmarks;

import java.nio.file.Path;

import dev.langchain4j.data.message.UserMessage;
import dev.llmlifecycle.api.app.Outcome;
import dev.llmlifecycle.core.prompt.FilePromptRegistry;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What is measured does what it is said to do; nothing is timed here. */
@NullMarked
final class BenchmarksTest {

    @ParameterizedTest
    @EnumSource
    void everyVariantAnswers(AskOverheadBenchmark.Variant variant) throws Exception {
        AskOverheadBenchmark.Application application = new AskOverheadBenchmark.Application();
        application.variant = variant;
        application.build();
        try {
            assertThat(new AskOverheadBenchmark().ask(application).outcome()).isInstanceOf(Outcome.Answered.class);
        } finally {
            application.close();
        }
    }

    @Test
    void thePeerAnswersTheSame() {
        assertThat(new AskOverheadBenchmark().aiServices(new AskOverheadBenchmark.Peer()))
                .isEqualTo("Refunds are paid within 14 days [1].");
    }

    @ParameterizedTest
    @EnumSource
    void everyValidatorJudges(ValidatorBenchmark.Kind kind) {
        ValidatorBenchmark.One one = new ValidatorBenchmark.One();
        one.kind = kind;
        one.create();
        boolean found = !new ValidatorBenchmark().validate(one).findings().isEmpty();
        boolean expected = switch (kind) {
            // The text has contacts, repeats itself and stands in a passage.
            case PERSONAL_DATA, PATTERN_SET, DEFAULT_SET, QUOTATION -> true;
            default -> false;
        };
        assertThat(found).isEqualTo(expected);
    }

    @Test
    void whatIsHeldBackComesSentenceBySentence() throws Exception {
        StreamingValidation.Times free = StreamingValidation.measure(false, 2, 0);
        StreamingValidation.Times held = StreamingValidation.measure(true, 2, 0);

        assertThat(free.first()).hasSize(2);
        assertThat(held.pieces()).isLessThan(free.pieces());
    }

    @Test
    void everyCallTakesTimeOfTheProcessor() {
        assertThat(ValidatorProcessorTime.measure(ValidatorBenchmark.Kind.PATTERN_SET, 1, 3))
                .hasSize(3)
                .isSorted()
                .allMatch(nanos -> nanos >= 0);
    }

    @Test
    void theScanFindsWhatRepeats() {
        assertThat(new ValidatorBenchmark().scan(new ValidatorBenchmark.Megabyte()))
                .hasSizeGreaterThan(1_000);
    }

    @ParameterizedTest
    @EnumSource
    void everyRuleChoosesWithinTheBudget(ExampleSelectionBenchmark.Rule rule) {
        ExampleSelectionBenchmark benchmark = new ExampleSelectionBenchmark();
        benchmark.size = 300;
        benchmark.rule = rule;
        benchmark.build();
        assertThat(benchmark.choose()).isNotNull().satisfies(selection -> {
            assertThat(selection.selected()).hasSizeGreaterThan(5);
            assertThat(selection.tokens()).isLessThanOrEqualTo(1_024);
        });
    }

    @Test
    void theTimeOfChoicesIsSorted() {
        assertThat(ExampleSelectionCpu.nanos(ExampleSelectionBenchmark.Rule.MMR, 100, 0, 5))
                .hasSize(5)
                .isSorted();
    }

    @Test
    void theRouterFindsTheIntentOfEachQuestion() {
        RoutingBenchmark benchmark = new RoutingBenchmark();
        benchmark.examples = 1_500;
        benchmark.build();
        assertThat(benchmark.route().intent()).contains("intent-1");
        assertThat(benchmark.route().intent()).contains("intent-2");
    }

    @Test
    void theExtractiveModelAnswers() {
        assertThat(new ExtractiveBenchmark().answer().aiMessage().text()).contains("[1]");
    }

    @Test
    void theBootstrapGivesAnIntervalForEachMetric() {
        BootstrapBenchmark benchmark = new BootstrapBenchmark();
        benchmark.metrics = 2;
        benchmark.draw();

        assertThat(benchmark.pairedBootstrap()).hasSize(2).allMatch(interval -> interval.low() < interval.high());
    }

    @Test
    void allRenderTheSamePrompt() {
        PromptBenchmark benchmark = new PromptBenchmark();

        assertThat(((UserMessage) benchmark.plain().get(0)).singleText())
                .isEqualTo(benchmark.langChain4jPlain())
                .isEqualTo(benchmark.springAiPlain());
        assertThat(((UserMessage) benchmark.loop().get(0)).singleText())
                .isEqualTo(benchmark.mustacheLoop())
                .isEqualTo(benchmark.springAiLoop())
                .isEqualTo(benchmark.pebbleLoop())
                .isEqualTo(benchmark.jteLoop());
    }

    @Test
    void bothLabelsLeadToTheLastVersion() {
        ResolveBenchmark benchmark = new ResolveBenchmark();
        benchmark.fill();
        try {
            assertThat(benchmark.labelled().orElseThrow().number()).isEqualTo(100);
            assertThat(benchmark.deployment()).isPresent();
        } finally {
            benchmark.close();
        }
    }

    @Test
    void aRegistryIsFilledOnceAndThenMeasured(@TempDir Path directory) {
        RegistryOpen.register(directory.resolve("registry"), 2, 3);

        RegistryOpen.measure(directory.resolve("registry"));

        assertThat(FilePromptRegistry.builder(directory.resolve("registry"))
                        .build()
                        .history("prompt-1"))
                .hasSize(3);
    }
}
