package dev.llmlifecycle.core.conversation;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.llmlifecycle.api.Seeds;
import dev.llmlifecycle.api.app.Question;
import dev.llmlifecycle.api.app.Rewriting;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
@Timeout(60)
class FollowUpRewriterTest {

    private static final String BEFORE = "How long do I have to return an order?";
    private static final List<ChatMessage> HISTORY =
            List.of(UserMessage.from(BEFORE), AiMessage.from("Orders can be returned within 60 days [1]."));

    private final FollowUpRewriter rewriter = FollowUpRewriter.builder().build();

    private Rewriting rewrite(String question, List<ChatMessage> history) {
        return rewriter.rewrite(Question.of(question), history);
    }

    private Rewriting after(String before, String question) {
        return rewrite(question, List.of(UserMessage.from(before), AiMessage.from("So it is [1].")));
    }

    @Nested
    class FollowUps {

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                        and for business customers?      | How long do I have to return an order, for business customers?
                        What about gift cards?           | How long do I have to return an order, gift cards?
                        For business customers           | How long do I have to return an order, For business customers?
                        ok, and to Norway?               | How long do I have to return an order, to Norway?
                        no, I meant a gift card          | How long do I have to return an order, a gift card?
                        No, not an order, a subscription | How long do I have to return a subscription?
                        Sorry, I mean exchange it        | How long do I have to return an order, exchange it?
                        do they pay something for it?    | do they pay something for it? (about: return order)
                        and how much do I pay then?      | how much do I pay then? (about: return order)
                        how much then?                   | how much then? (about: return order)
                        Does that include shipping?      | Does that include shipping? (about: return order)
                        why?                             | why? (about: return order)
                        """)
        void standAloneAfterwards(String question, String standalone) {
            assertThat(rewrite(question, HISTORY)).isEqualTo(new Rewriting.FollowUp(standalone));
        }

        @Test
        void takeThePlaceOfANameAfterTheSamePreposition() {
            assertThat(after("What is shipping to Germany by express?", "and to Austria, on Sunday too?"))
                    .isEqualTo(new Rewriting.FollowUp("What is shipping to Austria by express, on Sunday too?"));
            assertThat(after("How long is the warranty on an Otter S?", "and on the Falke 1?"))
                    .isEqualTo(new Rewriting.FollowUp("How long is the warranty on the Falke 1?"));
            assertThat(after("How long is the warranty on an Otter S?", "and in Germany?"))
                    .isEqualTo(new Rewriting.FollowUp("How long is the warranty on an Otter S, in Germany?"));
        }

        @Test
        void leaveAnotherYearBehind() {
            assertThat(after("How long is the warranty on a machine bought in 2026?", "what if I bought it in 2025?"))
                    .isEqualTo(new Rewriting.FollowUp("I bought it in 2025? (about: warranty machine)"));
        }

        @Test
        void carryTheirTermsOn() {
            Rewriting third =
                    after("do they pay for it? (about: return order business customers)", "and how much is it?");

            assertThat(third)
                    .isEqualTo(new Rewriting.FollowUp("how much is it? (about: pay return order business customers)"));
        }

        @Test
        void doNotGrowWithoutEnd() {
            String last = BEFORE;
            for (int i = 0; i < 50; i++) {
                Rewriting next = after(last, "and for purple elephants number" + i + "?");
                last = ((Rewriting.FollowUp) next).text();
                assertThat(last.length()).isLessThan(400);
            }
        }

        @Test
        void doNotCarryOnTheWordsThatAnnouncedTheTopic() {
            assertThat(after("Different topic: when do you open?", "and on Sunday?"))
                    .isEqualTo(new Rewriting.FollowUp("when do you open, on Sunday?"));
            assertThat(after("ok other topic. when do you open", "and on Sunday?"))
                    .isEqualTo(new Rewriting.FollowUp("when do you open, on Sunday?"));
        }

        @Test
        void goBackBeyondASummary() {
            List<ChatMessage> summarised =
                    new ArrayList<>(Summary.exchange("opening hours").messages());

            assertThat(rewrite("How long is a refund?", summarised)).isEqualTo(new Rewriting.StandsAlone());
            summarised.addAll(HISTORY);
            assertThat(rewrite("and gift cards?", summarised))
                    .isEqualTo(new Rewriting.FollowUp("How long do I have to return an order, gift cards?"));
        }
    }

    @Nested
    class Topics {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "Different thing: I forgot my password, how long is it valid?",
                    "ok. new topic, when do you open?",
                    "Thanks! Another question: where is my invoice?",
                    "Now something else, how many phones can I pair?",
                    "Where can I download an invoice?",
                    "And where can I download an invoice?",
                    "I lost my password, can you reset it?",
                    "Is it possible to pair two phones?",
                    "How do I change the address that I entered?"
                })
        void change(String question) {
            assertThat(rewrite(question, HISTORY)).isEqualTo(new Rewriting.NewTopic());
        }

        @Test
        void goOnWhereAQuestionThatStandsAloneSharesAWord() {
            assertThat(rewrite("Who pays for the return of a damaged machine?", HISTORY))
                    .isEqualTo(new Rewriting.StandsAlone());
        }

        @Test
        void areNotChangedByAnotherQuestionAlone() {
            assertThat(rewrite("One more question: do they pay for it?", HISTORY))
                    .isEqualTo(new Rewriting.FollowUp("do they pay for it? (about: return order)"));
        }
    }

    @Nested
    class Clarifications {

        private static final Rewriting UNCLEAR =
                new Rewriting.Unclear("I am not sure what you are asking about. Can you name it?");

        @ParameterizedTest
        @ValueSource(strings = {"And that?", "how much is it?", "What about those?", "how long?", "and then?", "why?"})
        void areAskedForWhenNothingIsNamed(String question) {
            assertThat(rewrite(question, List.of())).isEqualTo(UNCLEAR);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "How long is a refund?",
                    "hi",
                    "What can you do?",
                    "refunds?",
                    "And refunds?",
                    "my parcel to Norway, how much is that",
                    "???",
                    "Wie lange dauert das?"
                })
        void areNotAskedForWhereThereIsSomethingToGoBy(String question) {
            assertThat(rewrite(question, List.of())).isEqualTo(new Rewriting.StandsAlone());
        }

        @Test
        void makeTheReplyAFollowUp() {
            List<ChatMessage> asked = List.of(
                    UserMessage.from("how much is it?"), AiMessage.from(((Rewriting.Unclear) UNCLEAR).clarification()));

            assertThat(rewrite("the Falke 1", asked)).isEqualTo(new Rewriting.FollowUp("how much is it, the Falke 1?"));
            assertThat(rewrite("How long does a refund take?", asked)).isEqualTo(new Rewriting.StandsAlone());
        }

        @Test
        void areAskedForWhenTwoThingsAreEquallyNear() {
            Rewriting unclear = after("What is the difference between the Falke 1 and the Otter S?", "how much is it?");

            assertThat(unclear).isEqualTo(new Rewriting.Unclear("Do you mean Falke 1 or Otter S?"));
            assertThat(rewrite(
                            "the Otter S",
                            List.of(
                                    UserMessage.from("how much is it?"),
                                    AiMessage.from("Do you mean Falke 1 or Otter S?"))))
                    .isEqualTo(new Rewriting.FollowUp("how much is it, the Otter S?"));
        }

        @Test
        void areNotAskedForWhenBothAreMeantOrOneIsNamed() {
            String both = "What is the difference between the Falke 1 and the Otter S?";

            assertThat(after(both, "how much are they?")).isInstanceOf(Rewriting.FollowUp.class);
            assertThat(after(both, "and how long does it last for the Falke 1?"))
                    .isInstanceOf(Rewriting.FollowUp.class);
        }

        @Test
        void haveTheWordsOfTheHost() {
            FollowUpRewriter own =
                    FollowUpRewriter.builder().clarification("Pardon?").build();

            assertThat(own.rewrite(Question.of("And that?"), List.of())).isEqualTo(new Rewriting.Unclear("Pardon?"));
            assertThat(own.identity()).isNotEqualTo(rewriter.identity());
            assertThat(FollowUpRewriter.builder().build().identity()).isEqualTo(rewriter.identity());
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> FollowUpRewriter.builder().clarification(" "))
                    .withMessage("the clarification is blank; leave it out or fill it in");
        }
    }

    @ParameterizedTest
    @MethodSource("dev.llmlifecycle.api.Seeds#some")
    void anyTextIsReadQuicklyAndNeverComesOutBlank(SplittableRandom random) {
        String[] pieces = {
            "and ",
            "no, ",
            "not the ",
            "it ",
            "that",
            "?",
            ", ",
            "one ",
            "Otter S ",
            " and the Falke 1",
            "how long ",
            "new topic: ",
            "(about: x",
            ")",
            "\n",
            "\ud83d",
            "ok ",
            "same ",
            "zzz ",
            "... ",
            "what about "
        };
        String before = Seeds.text(random, 12, pieces) + "x";
        String question = Seeds.text(random, 12, pieces) + ".";
        List<ChatMessage> history =
                random.nextBoolean() ? List.of(UserMessage.from(before), AiMessage.from("a")) : List.of();

        Rewriting rewriting = rewrite(question, history);

        assertThat(rewrite(question, history)).isEqualTo(rewriting);
    }

    @ParameterizedTest
    @ValueSource(strings = {"and ", "no, ", "a, ", "not a ", "it ", "new topic ", "(about: a) ", "ok. ", "\n"})
    void longTextsTakeNoLongTime(String piece) {
        String text = piece.repeat(20_000) + "?";

        assertThat(after(text, text)).isNotNull();
        assertThat(rewrite(text, List.of())).isNotNull();
    }
}
