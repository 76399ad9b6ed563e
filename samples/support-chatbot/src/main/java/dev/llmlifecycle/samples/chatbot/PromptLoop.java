package dev.llmlifecycle.samples.chatbot;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.Outcome;
import dev.llmlifecycle.api.app.Question;
import dev.llmlifecycle.api.monitoring.Feedback;
import org.jspecify.annotations.Nullable;

/** A conversation at a plain prompt. */
final class PromptLoop {

    private static final String HELP = """
            Ask a question, or type
              /sources      the passages behind the last answer
              /why          all that the last answer rests on
              /good         the last answer was right
              /bad REASON   the last answer was wrong, and why
              /release      what is running
              /help         this list
              /quit         the end, as is the end of input""";

    private final Chatbot chatbot;
    private final Terminal terminal;
    private final boolean alwaysWhy;
    private final AnswerText print;
    private final String conversation = UUID.randomUUID().toString();
    private @Nullable Answer last;

    PromptLoop(Chatbot chatbot, Terminal terminal, boolean alwaysWhy) {
        this.chatbot = chatbot;
        this.terminal = terminal;
        this.alwaysWhy = alwaysWhy;
        this.print = new AnswerText(terminal.out());
    }

    int run() {
        say(chatbot.model().says());
        say("Ask a question; /help shows what else there is.");
        try (BufferedReader reader = terminal.reader()) {
            while (true) {
                terminal.out().print("> ");
                terminal.out().flush();
                String line = reader.readLine();
                if (line == null || line.strip().equals("/quit")) {
                    if (line == null) {
                        terminal.out().println();
                    }
                    return SupportChatbot.OK;
                }
                if (!line.isBlank()) {
                    take(line.strip());
                }
            }
        } catch (IOException e) {
            throw new WrongInputException("The input cannot be read any more; start again");
        }
    }

    private void take(String line) {
        if (!line.startsWith("/")) {
            ask(line);
            return;
        }
        int space = line.indexOf(' ');
        String command = space < 0 ? line : line.substring(0, space);
        Optional<String> rest =
                Optional.of(line.substring(command.length()).strip()).filter(text -> !text.isEmpty());
        switch (command) {
            case "/help" -> say(HELP);
            case "/why" -> withLast(answer -> print.why(answer, chatbot.model()));
            case "/sources" -> withLast(print::passages);
            case "/good" -> withLast(answer -> rate(answer, Feedback.Rating.UP, rest));
            case "/bad" -> withLast(answer -> rate(answer, Feedback.Rating.DOWN, rest));
            case "/release" -> chatbot.describeRelease(terminal.out());
            default -> say("There is no " + command + "; /help shows what there is.");
        }
    }

    private void ask(String text) {
        Answer answer = chatbot.stream(
                Question.builder(text).conversationId(conversation).build(), new AnswerPrinter(terminal.out()));
        last = answer;
        print.sources(answer);
        if (alwaysWhy) {
            print.why(answer, chatbot.model());
        }
        if (answer.outcome() instanceof Outcome.Failed failed) {
            terminal.complain(failed.text());
        }
    }

    private void rate(Answer answer, Feedback.Rating rating, Optional<String> reason) {
        chatbot.rate(answer.interactionId(), rating, reason);
        say(rating == Feedback.Rating.UP ? "Noted as right." : "Noted as wrong.");
    }

    private void withLast(Consumer<Answer> action) {
        if (last == null) {
            say("Nothing has been asked yet.");
        } else {
            action.accept(last);
        }
    }

    private void say(String text) {
        terminal.out().println(text);
    }
}
