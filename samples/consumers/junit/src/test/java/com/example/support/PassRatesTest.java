package com.example.support;

import static dev.llmlifecycle.eval.junit.PromptAssertions.assertThatAnswer;
import static dev.llmlifecycle.eval.junit.PromptAssertions.assertThatPassRate;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.langchain4j.model.chat.ChatModel;
import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.data.Dataset;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.core.app.LlmApp;
import dev.llmlifecycle.core.data.Datasets;
import dev.llmlifecycle.eval.junit.PassResults;
import dev.llmlifecycle.eval.replay.Cassette;
import dev.llmlifecycle.eval.replay.NotRecordedException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;

class PassRatesTest {

    private static final Path RESOURCES = Path.of(System.getProperty("lifecycle.resources", "src/test/resources"));

    @Test
    void comparesTwoPromptsOnRecordedAnswers() {
        Dataset dataset = Datasets.readJsonLines(RESOURCES.resolve("refunds.jsonl"), "refunds")
                .subset("answerable", example -> !example.expected().isEmpty());
        PassResults results = passes(dataset);
        PassResults baseline = results;

        // docs:begin programmatic
        assertThatPassRate(results).isAtLeast(0.95); // as observed
        assertThatPassRate(results).withConfidence(0.8).isAtLeast(0.6); // shown for what the examples stand for
        assertThatPassRate(results).isNotWorseThan(baseline, 0.4); // pairwise, by less than 40 points
        // docs:end programmatic
        AssertionFailedError tooFew = assertThrows(
                AssertionFailedError.class,
                () -> assertThatPassRate(results).withConfidence(0.95).isAtLeast(0.9));
        assertTrue(tooFew.getMessage().endsWith("it takes 29 cases to show it, if all pass: add examples, or ask for"
                + " less\n  failed  none"));
    }

    private static PassResults passes(Dataset dataset) {
        // docs:begin results
        Cassette cassette = Cassette.replaying(RESOURCES.resolve("refunds.cassette.json"));
        try (LlmApp app = LlmApp.builder().model(cassette.chatModel()).build()) {
            return PassResults.of(
                    dataset, example -> assertThatAnswer(app.ask(example.input())).containsExpectedOf(example));
        }
        // docs:end results
    }

    @Test
    void aFailureShowsWhatThereIsToKnow() {
        Cassette cassette = Cassette.replaying(RESOURCES.resolve("refunds.cassette.json"));
        try (LlmApp app = LlmApp.builder().model(cassette.chatModel()).build()) {
            AssertionFailedError failure = assertThrows(
                    AssertionFailedError.class,
                    () -> assertThatAnswer(app.ask("How long does a refund take?"))
                            .equalsNormalized("Refunds take five days."));

            assertEquals("""
                    expected an answer that equals "Refunds take five days." once both are normalised
                      question  How long does a refund take?
                      got       answered: A refund takes five working days after your parcel has arrived.
                      findings  none
                      diff      [-refunds-] [-take-] {+refund+} {+takes+} five {+working+} days {+after+} {+your+} {+parcel+} {+has+} {+arrived+}
                    """, failure.getMessage());
        }
    }

    @Test
    void aSchemaNeedsItsValidatorAndARecordDoesNot() {
        record Refund(int days) {}
        Cassette cassette = Cassette.replaying(RESOURCES.resolve("refunds.cassette.json"));
        try (LlmApp app = LlmApp.builder().model(cassette.chatModel()).build()) {
            Answer answer = app.ask("How long does a refund take?");

            IllegalStateException missing = assertThrows(
                    IllegalStateException.class, () -> assertThatAnswer(answer).matchesSchema("{}"));
            assertTrue(missing.getMessage().endsWith("add it to the test class path"));
            assertThrows(AssertionFailedError.class, () -> assertThatAnswer(answer).matchesSchema(Refund.class));
        }
    }

    @Test
    void aRequestThatChangedIsShown() {
        Cassette cassette = Cassette.replaying(RESOURCES.resolve("refunds.cassette.json"));
        ChatModel model = cassette.chatModel(Identity.of("canned", "1"), () -> new CannedModel());

        NotRecordedException failure =
                assertThrows(NotRecordedException.class, () -> model.chat("How long does an exchange take?"));
        assertTrue(failure.getMessage().contains("the nearest is at line "), failure.getMessage());
        assertEquals(List.of(5), List.of(cassette.unused().size()));
    }
}
