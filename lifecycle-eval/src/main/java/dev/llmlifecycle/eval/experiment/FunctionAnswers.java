package dev.llmlifecycle.eval.experiment;

import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.TokenUsage;
import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.Outcome;
import dev.llmlifecycle.api.app.Question;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.monitoring.Interaction;

/** Makes answers of what plain functions and models return, timed and with the tokens that are reported. */
record FunctionAnswers(Hash release, Clock clock) {

    Function<Question, Answer> of(Function<String, String> function) {
        Objects.requireNonNull(function, "function");
        return question -> {
            long start = System.nanoTime();
            String text = function.apply(question.text());
            return new Answer(
                    new Outcome.Answered(text), record(question, text, start).build());
        };
    }

    Function<Question, Answer> of(ChatModel model) {
        Objects.requireNonNull(model, "model");
        return question -> {
            long start = System.nanoTime();
            ChatResponse response = model.chat(UserMessage.from(question.text()));
            String text = Objects.requireNonNullElse(response.aiMessage().text(), "");
            Interaction.Builder record = record(question, text, start);
            TokenUsage usage = response.tokenUsage();
            if (usage != null) {
                record.tokens(
                        Objects.requireNonNullElse(usage.inputTokenCount(), 0),
                        Objects.requireNonNullElse(usage.outputTokenCount(), 0));
            }
            return new Answer(new Outcome.Answered(text), record.build());
        };
    }

    private Interaction.Builder record(Question question, String text, long start) {
        Duration duration = Duration.ofNanos(System.nanoTime() - start);
        return Interaction.builder(UUID.randomUUID().toString(), clock.instant().minus(duration), question.text())
                .release(release)
                .outcome(new Outcome.Answered(text).label(), text)
                .duration(duration);
    }
}
