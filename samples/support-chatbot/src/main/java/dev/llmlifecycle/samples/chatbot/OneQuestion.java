package dev.llmlifecycle.samples.chatbot;

import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.Outcome;
import dev.llmlifecycle.api.app.Question;

/** Answers one question of the command line. */
final class OneQuestion {

    private final Chatbot chatbot;
    private final Terminal terminal;

    OneQuestion(Chatbot chatbot, Terminal terminal) {
        this.chatbot = chatbot;
        this.terminal = terminal;
    }

    int ask(String text, boolean json, boolean why) {
        Question question = Question.of(text);
        Answer answer =
                json ? chatbot.app().ask(question) : chatbot.stream(question, new AnswerPrinter(terminal.out()));
        AnswerText print = new AnswerText(terminal.out());
        if (json) {
            terminal.out().println(AnswerJson.write(answer, chatbot.model()));
        } else {
            print.sources(answer);
        }
        if (why) {
            new AnswerText(json ? terminal.err() : terminal.out()).why(answer, chatbot.model());
        }
        if (answer.outcome() instanceof Outcome.Failed failed) {
            terminal.complain(failed.text());
            return SupportChatbot.FAILED;
        }
        return SupportChatbot.OK;
    }
}
