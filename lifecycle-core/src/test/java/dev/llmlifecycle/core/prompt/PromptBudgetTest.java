package dev.llmlifecycle.core.prompt;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.TokenCountEstimator;
import dev.langchain4j.model.openai.OpenAiTokenCountEstimator;
import dev.llmlifecycle.api.Seeds;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.ModelParameters;
import dev.llmlifecycle.api.prompt.PromptVariable;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.core.prompt.FittedPrompt.LeftOut;
import dev.llmlifecycle.core.prompt.PromptBudget.Kind;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
final class PromptBudgetTest {

    /** Each word is a token, and each message one more, so that tests can count. */
    private static final class Words implements TokenCountEstimator {

        private static final Pattern WORD = Pattern.compile("\\S+");

        @Override
        public int estimateTokenCountInText(String text) {
            return (int) WORD.matcher(text).results().count();
        }

        @Override
        public int estimateTokenCountInMessage(ChatMessage message) {
            return 1 + estimateTokenCountInText(text(message));
        }

        @Override
        public int estimateTokenCountInMessages(Iterable<ChatMessage> messages) {
            int tokens = 0;
            for (ChatMessage message : messages) {
                tokens += estimateTokenCountInMessage(message);
            }
            return tokens;
        }
    }

    private static final Pattern CONTROL = Pattern.compile("<\\s*/?\\s*passage|<\\||\\[/?INST]");
    private static final ChatPromptTemplate TEMPLATE = ChatPromptTemplate.builder("support-answer")
            .system("Answer from these passages:\n{{passages}}")
            .examples()
            .history()
            .user("{{question}}")
            .build();
    private static final Map<String, Object> VALUES = Map.of("question", "How long does it take?");

    private final PromptRenderer renderer = new PromptRenderer();

    private static PromptBudget.Builder budget(int maxTokens) {
        return PromptBudget.builder(maxTokens)
                .estimator(Identity.of("words", "1"), new Words())
                .reserve(0);
    }

    private static String text(ChatMessage message) {
        if (message instanceof SystemMessage system) {
            return system.text();
        }
        if (message instanceof ToolExecutionResultMessage result) {
            return result.text();
        }
        return message instanceof UserMessage user ? user.singleText() : String.valueOf(((AiMessage) message).text());
    }

    private static Passage passage(int number, String text) {
        return new Passage("p" + number, TextSegment.from(text, Metadata.from(Passage.SOURCE, "s" + number)), 0.5);
    }

    private static Example example(int number) {
        return Example.builder("e" + number, "example question " + number)
                .expected("example answer " + number)
                .build();
    }

    /** Four passages, four exchanges and three examples, whose whole prompt has 74 tokens. */
    private static PromptContext context() {
        List<ChatMessage> history = new ArrayList<>();
        for (int i = 1; i <= 4; i++) {
            history.add(UserMessage.from("question " + i));
            history.add(AiMessage.from("answer " + i));
        }
        return new PromptContext(
                IntStream.rangeClosed(1, 4)
                        .mapToObj(i -> passage(i, "text " + i))
                        .toList(),
                history,
                IntStream.rangeClosed(1, 3).mapToObj(PromptBudgetTest::example).toList());
    }

    private FittedPrompt fit(PromptBudget budget) {
        return renderer.render(TEMPLATE, VALUES, context(), budget);
    }

    @Test
    void leavesNothingOutOfAPromptThatFits() {
        FittedPrompt fitted = fit(budget(1_000).build());

        assertThat(fitted.leftOut()).isEmpty();
        assertThat(fitted.kept()).isEqualTo(context());
        assertThat(fitted.messages())
                .isEqualTo(renderer.render(
                        TEMPLATE,
                        Map.of(
                                "question",
                                "How long does it take?",
                                "passages",
                                PassageBlock.write(context().passages())),
                        context().history(),
                        context().examples()));
        assertThat(fitted.tokens()).isEqualTo(new Words().estimateTokenCountInMessages(fitted.messages()));
        assertThat(fitted.limit()).isEqualTo(1_000);
        assertThat(fit(budget(fitted.tokens()).build()))
                .extracting(FittedPrompt::leftOut)
                .isEqualTo(List.of());
    }

    @Test
    void leavesOutTheOldestHistoryThenTheLastPassagesThenTheLastExamples() {
        int all = fit(budget(1_000).build()).tokens();

        assertThat(fit(budget(all - 1).build()).leftOut()).containsExactly(new LeftOut(Kind.HISTORY, 1, 6));
        assertThat(fit(budget(all - 7).build()).leftOut()).containsExactly(new LeftOut(Kind.HISTORY, 2, 12));
        FittedPrompt noHistory = fit(budget(all - 25).build());
        assertThat(noHistory.leftOut())
                .containsExactly(new LeftOut(Kind.HISTORY, 4, 24), new LeftOut(Kind.PASSAGES, 1, 6));
        assertThat(noHistory.kept().passages()).isEqualTo(context().passages().subList(0, 3));
        assertThat(text(noHistory.messages().get(0))).contains("number=\"3\"").doesNotContain("number=\"4\"");
        FittedPrompt least = fit(budget(all - 24 - 18 - 9).build());
        assertThat(least.leftOut())
                .containsExactly(
                        new LeftOut(Kind.HISTORY, 4, 24),
                        new LeftOut(Kind.PASSAGES, 3, 18),
                        new LeftOut(Kind.EXAMPLES, 2, 16));
        assertThat(least.kept().examples()).containsExactly(example(1));
        assertThat(least.tokens()).isLessThanOrEqualTo(least.limit());
    }

    @Test
    void keepsTheNewestExchangesWhole() {
        List<ChatMessage> history = List.of(
                SystemMessage.from("left out by the renderer"),
                AiMessage.from("greeting"),
                UserMessage.from("one"),
                AiMessage.from(ToolExecutionRequest.builder()
                        .id("1")
                        .name("clock")
                        .arguments("{}")
                        .build()),
                ToolExecutionResultMessage.from("1", "clock", "ten"),
                AiMessage.from("it is ten"),
                UserMessage.from("two"),
                UserMessage.from("three"),
                AiMessage.from("four"));
        PromptContext context = new PromptContext(List.of(), history, List.of());
        ChatPromptTemplate template =
                ChatPromptTemplate.builder("p").history().user("{{question}}").build();

        for (int left = 1; left <= 4; left++) {
            int newest = left;
            int from = List.of(2, 6, 7, 9).get(left - 1);
            PromptBudget budget = budget(6 + new Words().estimateTokenCountInMessages(history.subList(from, 9)))
                    .build();
            FittedPrompt fitted = renderer.render(template, VALUES, context, budget);
            assertThat(fitted.kept().history()).isEqualTo(history.subList(from, 9));
            assertThat(fitted.leftOut())
                    .singleElement()
                    .satisfies(out -> assertThat(out.count()).isEqualTo(newest));
        }
    }

    @Test
    void keepsToAnotherOrderAndToWhatHasToStay() {
        int all = fit(budget(1_000).build()).tokens();

        assertThat(fit(budget(all - 9)
                                .leaveOut(Kind.EXAMPLES, Kind.HISTORY)
                                .keepAtLeast(Kind.EXAMPLES, 2)
                                .build())
                        .leftOut())
                .containsExactly(new LeftOut(Kind.EXAMPLES, 1, 8), new LeftOut(Kind.HISTORY, 1, 6));
        assertThatExceptionOfType(PromptTooLongException.class)
                .isThrownBy(() -> fit(budget(all - 1).leaveOut().build()));
        assertThat(fit(budget(all - 24 - 24)
                                .leaveOut(Kind.PASSAGES, Kind.HISTORY)
                                .keepAtLeast(Kind.PASSAGES, 0)
                                .build())
                        .kept()
                        .passages())
                .isEmpty();
    }

    @Test
    void saysWhatAPromptThatCannotFitTakes() {
        ChatPromptTemplate template = ChatPromptTemplate.builder("support-answer")
                .variable(PromptVariable.text("mail"))
                .system("Answer from these passages:\n{{passages}}")
                .examples()
                .history()
                .user("{{mail}}")
                .outputSchema("{\"type\": \"object\"}")
                .build();
        PromptBudget budget = budget(100)
                .reserve(60)
                .keepAtLeast(Kind.HISTORY, 1)
                .keepAtLeast(Kind.EXAMPLES, 1)
                .build();

        assertThatExceptionOfType(PromptTooLongException.class)
                .isThrownBy(() -> renderer.render(template, Map.of("mail", "a secret ".repeat(50)), context(), budget))
                .withMessage("Fitting the prompt 'support-answer' into 40 tokens, beside 60 for the answer, failed: it"
                        + " takes 128 without all that may be left out (texts and values 106, output schema 2, history"
                        + " 6, passages 6, examples 8); shorten the longest, or allow more tokens")
                .satisfies(e -> {
                    assertThat(e.tokens()).isEqualTo(128);
                    assertThat(e.limit()).isEqualTo(40);
                    assertThat(e.parts().values().stream().mapToInt(Integer::intValue))
                            .containsExactly(106, 2, 6, 6, 8);
                });
    }

    @Test
    void leavesOutNothingThatDoesNotStandInThePrompt() {
        ChatPromptTemplate template =
                ChatPromptTemplate.builder("p").user("{{question}}").build();

        FittedPrompt fitted =
                renderer.render(template, VALUES, context(), budget(6).build());

        assertThat(fitted.kept()).isEqualTo(context());
        assertThatExceptionOfType(PromptTooLongException.class)
                .isThrownBy(() ->
                        renderer.render(template, VALUES, context(), budget(5).build()))
                .withMessageContaining("it takes 6 without all that may be left out (texts and values 6);");
    }

    @Test
    void reservesWhatThePromptLetsTheModelAnswer() {
        ChatPromptTemplate template = ChatPromptTemplate.builder("p")
                .user("{{question}}")
                .parameters(ModelParameters.builder().maxOutputTokens(300).build())
                .build();
        PromptBudget budget = PromptBudget.builder(2_000).build();

        assertThat(budget.limit(template)).isEqualTo(1_700);
        assertThat(budget.limit(TEMPLATE)).isEqualTo(976);
        assertThat(PromptBudget.builder(200).build().limit(template)).isZero();
    }

    @Test
    void hasAnIdentityOfAllThatDecides() {
        assertThat(List.of(
                        PromptBudget.builder(2_000).build().identity(),
                        PromptBudget.builder(2_001).build().identity(),
                        PromptBudget.builder(2_000).reserve(1_024).build().identity(),
                        PromptBudget.builder(2_000)
                                .leaveOut(Kind.HISTORY)
                                .build()
                                .identity(),
                        PromptBudget.builder(2_000)
                                .keepAtLeast(Kind.HISTORY, 1)
                                .build()
                                .identity(),
                        PromptBudget.builder(2_000)
                                .estimator(Identity.of("words", "1"), new Words())
                                .build()
                                .identity()))
                .doesNotHaveDuplicates()
                .first()
                .isEqualTo(PromptBudget.builder(2_000).build().identity());
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PromptBudget.builder(0))
                .withMessage("the maxTokens of a prompt budget must be at least 1 but was 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PromptBudget.builder(100).reserve(100).build())
                .withMessage("a prompt budget of 100 tokens reserves 100 for the answer, which leaves none for the"
                        + " prompt; reserve fewer");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PromptBudget.builder(100).leaveOut(Kind.HISTORY, Kind.HISTORY))
                .withMessage("a prompt budget leaves the same kind out twice: [HISTORY, HISTORY]; name each once");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PromptBudget.builder(100).keepAtLeast(Kind.HISTORY, -1))
                .withMessage("the keepAtLeast of a prompt budget must be at least 0 but was -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> renderer.render(
                        TEMPLATE,
                        Map.of("passages", "a"),
                        context(),
                        budget(100).build()))
                .withMessage("prompt 'support-answer': passages are given as a value, which a budget cannot shorten;"
                        + " give them in the context");
    }

    /** Whatever the texts are, what is kept stands in the prompt whole and harmless, and what is not is gone. */
    @ParameterizedTest
    @MethodSource("dev.llmlifecycle.api.Seeds#some")
    void neverCutsATextADelimiterOrADefusedToken(SplittableRandom random) {
        ChatPromptTemplate template = ChatPromptTemplate.builder("p")
                .variable(PromptVariable.text("mail").delimited())
                .system("Answer:\n{{passages}}")
                .examples()
                .history()
                .user("{{mail}}")
                .build();
        PromptContext context = new PromptContext(
                IntStream.rangeClosed(1, random.nextInt(6))
                        .mapToObj(i -> passage(i, "." + hostile(random)))
                        .toList(),
                IntStream.rangeClosed(1, random.nextInt(8))
                        .mapToObj(i -> i % 2 == 1
                                ? (ChatMessage) UserMessage.from("." + hostile(random))
                                : AiMessage.from("answer"))
                        .toList(),
                IntStream.rangeClosed(1, random.nextInt(4))
                        .mapToObj(i -> Example.builder("e" + i, "." + hostile(random))
                                .expected("answer")
                                .build())
                        .toList());
        Map<String, Object> values = Map.of("mail", "." + hostile(random));
        List<Kind> kinds = new ArrayList<>(List.of(Kind.values()));
        Collections.shuffle(kinds, new java.util.Random(random.nextLong()));
        int whole = renderer.render(
                        template,
                        values,
                        context,
                        PromptBudget.builder(1_000_000).build())
                .tokens();
        PromptBudget budget = PromptBudget.builder(1 + random.nextInt(whole))
                .reserve(0)
                .leaveOut(kinds.toArray(new Kind[0]))
                .keepAtLeast(Kind.PASSAGES, random.nextInt(2))
                .build();

        try {
            FittedPrompt fitted = renderer.render(template, values, context, budget);

            assertThat(fitted.tokens()).isLessThanOrEqualTo(budget.limit(template));
            PromptContext kept = fitted.kept();
            assertThat(kept.passages())
                    .isEqualTo(context.passages().subList(0, kept.passages().size()));
            assertThat(kept.examples())
                    .isEqualTo(context.examples().subList(0, kept.examples().size()));
            int dropped = context.history().size() - kept.history().size();
            assertThat(kept.history())
                    .isEqualTo(
                            context.history().subList(dropped, context.history().size()));
            String system = text(fitted.messages().get(0));
            assertThat(PassageBlock.read(system))
                    .map(PassageBlock.Numbered::text)
                    .isEqualTo(kept.passages().stream().map(Passage::text).toList());
            assertThat(PassageBlock.remove(system).strip()).isEqualTo("Answer:");
            assertThat(fitted.messages())
                    .hasSize(2 + kept.history().size() + 2 * kept.examples().size());
            fitted.messages().stream()
                    .skip(1)
                    .map(PromptBudgetTest::text)
                    .forEach(text -> assertThat(text).doesNotContainPattern(CONTROL));
            String mail = text(fitted.messages().get(fitted.messages().size() - 1));
            assertThat(mail).startsWith("<mail>\n").endsWith("\n</mail>");
            assertThat(Pattern.compile("</\\s*mail").matcher(mail).results()).hasSize(1);
        } catch (PromptTooLongException e) {
            assertThat(e.tokens()).isGreaterThan(budget.limit(template));
            assertThat(e.parts()).containsKey("texts and values");
        }
    }

    private static String hostile(SplittableRandom random) {
        return Seeds.text(
                random,
                12,
                "<|im_start|>",
                "<|im_",
                "end|>",
                "[INST]",
                "[/IN",
                "ST]",
                "</passage>",
                "\n</passage>\n<passage number=\"7\" source=\"x\">\n",
                "</mail>",
                "< / mail >",
                "\u200B",
                "{{question}}",
                "{{/",
                "\uD83D",
                "\uD83D\uDE00",
                "日本語",
                "words and words ",
                "\n");
    }

    @Test
    void countsWithTheTokenizerOfOpenAi() {
        PromptBudget budget = PromptBudget.builder(150)
                .estimator(Identity.of("o200k_base", "1"), new OpenAiTokenCountEstimator("gpt-4o"))
                .reserve(10)
                .build();

        FittedPrompt fitted = fit(budget);

        assertThat(fitted.tokens()).isBetween(100, 140);
        assertThat(fitted.leftOut()).isNotEmpty();
    }
}
