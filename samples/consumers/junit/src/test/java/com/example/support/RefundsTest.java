package com.example.support;

import static dev.llmlifecycle.eval.junit.PromptAssertions.assertThatAnswer;

import dev.llmlifecycle.api.app.TokenPrices;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.core.app.LlmApp;
import dev.llmlifecycle.eval.junit.LiveBudget;
import dev.llmlifecycle.eval.junit.PassRate;
import dev.llmlifecycle.eval.junit.PromptTest;
import dev.llmlifecycle.eval.junit.PromptTestApp;
import dev.llmlifecycle.eval.junit.TestModels;
import dev.llmlifecycle.eval.metric.Metrics;
import java.math.BigDecimal;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;

class RefundsTest {

    private static final Pattern BRIEF = Pattern.compile("^.{0,65}$");
    private static final TokenPrices PRICES = new TokenPrices(new BigDecimal("0.15"), new BigDecimal("0.60"));

    // docs:begin test
    @PromptTest(dataset = "refunds.jsonl", cassette = "refunds.cassette.json")
    void answersOrAbstains(Example example, LlmApp app) {
        assertThatAnswer(app.ask(example.input()))
                .passes(Metrics.answersOrAbstains(), example)
                .usesAtMostTokens(200)
                .hasNoFindings();
    }

    @PromptTestApp
    static LlmApp app(TestModels models) {
        return LlmApp.builder()
                .model(models.chatModel(Identity.of("canned", "1"), () -> new CannedModel()))
                .build();
    }
    // docs:end test

    // docs:begin rate
    @PromptTest(dataset = "refunds.jsonl", cassette = "refunds.cassette.json")
    @PassRate(atLeast = 0.5, confidence = 0.8)
    void answersBriefly(Example example, LlmApp app) {
        assertThatAnswer(app.ask(example.input())).containsPattern(BRIEF);
    }
    // docs:end rate

    // docs:begin live
    @Tag(PromptTest.LIVE)
    @PromptTest(dataset = "refunds.jsonl")
    @LiveBudget(calls = 100, cost = "0.50", inputPerMillion = "0.15", outputPerMillion = "0.60")
    void costsNextToNothing(Example example, LlmApp app) {
        assertThatAnswer(app.ask(example.input())).costsLessThan(PRICES, new BigDecimal("0.001"));
    }
    // docs:end live
}
