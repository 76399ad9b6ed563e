package dev.llmlifecycle.samples.chatbot;

import java.io.PrintStream;
import java.util.function.Consumer;

import dev.llmlifecycle.api.app.AnswerEvent;
import dev.llmlifecycle.api.app.Outcome;

/** Writes an answer to the terminal while it comes; used for one answer, on one thread at a time. */
final class AnswerPrinter implements Consumer<AnswerEvent> {

    private final PrintStream out;
    private boolean lineOpen;

    AnswerPrinter(PrintStream out) {
        this.out = out;
    }

    @Override
    public void accept(AnswerEvent event) {
        if (event instanceof AnswerEvent.Text text) {
            out.print(text.text());
            out.flush();
            lineOpen = true;
        } else if (event instanceof AnswerEvent.Retracted retracted) {
            endLine();
            out.println("(Taken back: " + retracted.reason() + ".)");
        } else if (event instanceof AnswerEvent.Completed completed) {
            Outcome outcome = completed.answer().outcome();
            if (!lineOpen && !(outcome instanceof Outcome.Failed)) {
                out.print(outcome.text());
                lineOpen = true;
            }
            endLine();
        }
    }

    private void endLine() {
        if (lineOpen) {
            out.println();
        }
        lineOpen = false;
    }
}
