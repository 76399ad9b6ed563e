package dev.llmlifecycle.samples.chatbot;

import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.AnswerStream;
import dev.llmlifecycle.api.app.Outcome;
import dev.llmlifecycle.api.app.Question;
import dev.llmlifecycle.api.monitoring.Feedback;
import org.jspecify.annotations.Nullable;

/** A conversation: questions and commands, line by line. */
final class PromptLoop {

    /** The name of the file, in the state folder, of what was typed. */
    private static final String HISTORY = "history";

    private final Chatbot chatbot;
    private final Terminal terminal;
    private final boolean alwaysWhy;
    private final AnswerText print;
    private final LineSource lines;
    private String conversation = UUID.randomUUID().toString();
    private @Nullable Answer last;

    private PromptLoop(Chatbot chatbot, Terminal terminal, boolean alwaysWhy, LineSource lines) {
        this.chatbot = chatbot;
        this.terminal = terminal;
        this.alwaysWhy = alwaysWhy;
        this.print = new AnswerText(terminal.out());
        this.lines = lines;
    }

    /** Talks until the user or the input ends it. */
    static int run(Chatbot chatbot, Terminal terminal, boolean alwaysWhy) {
        try (LineSource lines = terminal.lines(chatbot.state().directory().resolve(HISTORY))) {
            new PromptLoop(chatbot, terminal, alwaysWhy, lines).run();
            return SupportChatbot.OK;
        }
    }

    private void run() {
        say(chatbot.model().says());
        say("Ask a question; /help shows what else there is.");
        boolean goesOn = true;
        while (goesOn && !terminal.out().checkError()) {
            String line = lines.read();
            goesOn = line != null && (line.isBlank() || take(line.strip()));
        }
    }

    /** Does what a line says; false when that is the end. */
    private boolean take(String line) {
        if (!line.startsWith("/")) {
            ask(line);
            return true;
        }
        int space = line.indexOf(' ');
        String word = space < 0 ? line : line.substring(0, space);
        String rest = unquoted(line.substring(word.length()).strip());
        Optional<ChatCommand> command = ChatCommand.of(word);
        if (command.isEmpty()) {
            unknown(word);
            return true;
        }
        switch (command.get()) {
            case SOURCES -> withLast(print::passages);
            case WHY -> withLast(answer -> print.why(answer, chatbot.model()));
            case GOOD -> withLast(answer -> rate(answer, Feedback.Rating.UP, rest));
            case BAD -> withLast(answer -> rate(answer, Feedback.Rating.DOWN, rest));
            case RELEASE -> chatbot.describeRelease(terminal.out());
            case NEW -> startAnew();
            case HELP -> help(rest);
            case QUIT -> {
                return false;
            }
        }
        return true;
    }

    private void ask(String text) {
        Question question = Question.builder(text).conversationId(conversation).build();
        AnswerStream stream = chatbot.app().stream(question, new AnswerPrinter(terminal.out(), lines::erase));
        Answer answer =
                lines.interruptible(stream::cancel, () -> stream.completion().join());
        last = answer;
        if (answer.interaction().outcome().equals("cancelled")) {
            say("(Stopped.)");
            return;
        }
        print.sources(answer);
        if (alwaysWhy) {
            print.why(answer, chatbot.model());
        }
        if (answer.outcome() instanceof Outcome.Failed failed) {
            terminal.complain(failed.text());
        }
    }

    private void rate(Answer answer, Feedback.Rating rating, String reason) {
        if (answer.outcome() instanceof Outcome.Failed) {
            say("The last question has no answer that could be rated.");
            return;
        }
        chatbot.rate(answer.interactionId(), rating, Optional.of(reason).filter(text -> !text.isEmpty()));
        say(rating == Feedback.Rating.UP ? "Noted as right." : "Noted as wrong.");
    }

    private void startAnew() {
        conversation = UUID.randomUUID().toString();
        last = null;
        say("A new conversation.");
    }

    private void help(String topic) {
        if (topic.isEmpty()) {
            say(ChatCommand.list());
            return;
        }
        String word = topic.startsWith("/") ? topic : "/" + topic;
        ChatCommand.of(word).ifPresentOrElse(command -> say(command.details()), () -> unknown(word));
    }

    private void unknown(String word) {
        say("There is no " + word
                + ChatCommand.nearest(word)
                        .map(command -> "; did you mean " + command.word() + "?")
                        .orElse(".")
                + " /help shows what there is.");
    }

    private void withLast(Consumer<Answer> action) {
        if (last == null) {
            say("Nothing has been asked yet.");
        } else {
            action.accept(last);
        }
    }

    private static String unquoted(String text) {
        boolean quoted = text.length() > 1 && text.startsWith("\"") && text.endsWith("\"");
        return quoted ? text.substring(1, text.length() - 1).strip() : text;
    }

    private void say(String text) {
        terminal.out().println(text);
    }
}
