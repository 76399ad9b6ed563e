package dev.llmlifecycle.samples.chatbot;

import java.io.PrintStream;
import java.util.function.Consumer;
import java.util.function.Predicate;

import dev.llmlifecycle.api.app.AnswerEvent;
import dev.llmlifecycle.api.app.Outcome;

/** Writes an answer to the terminal while it comes; used for one answer, on one thread at a time. */
final class AnswerPrinter implements Consumer<AnswerEvent> {

    private final PrintStream out;
    private final Predicate<String> eraser;
    private final StringBuilder shown = new StringBuilder();

    AnswerPrinter(PrintStream out) {
        this(out, text -> false);
    }

    /**
     * Creates a printer.
     *
     * @param out the terminal
     * @param eraser takes a text that stands last from the screen, or returns false
     */
    AnswerPrinter(PrintStream out, Predicate<String> eraser) {
        this.out = out;
        this.eraser = eraser;
    }

    @Override
    public void accept(AnswerEvent event) {
        if (event instanceof AnswerEvent.Text text) {
            show(text.text());
        } else if (event instanceof AnswerEvent.Retracted retracted) {
            if (!shown.isEmpty() && eraser.test(shown.toString())) {
                shown.setLength(0);
            }
            endLine();
            out.println("(Taken back: " + retracted.reason() + ".)");
        } else if (event instanceof AnswerEvent.Completed completed) {
            Outcome outcome = completed.answer().outcome();
            if (shown.isEmpty() && !(outcome instanceof Outcome.Failed)) {
                show(outcome.text());
            }
            endLine();
        }
    }

    private void show(String text) {
        out.print(text);
        out.flush();
        shown.append(text);
    }

    private void endLine() {
        if (!shown.isEmpty()) {
            out.println();
        }
        shown.setLength(0);
    }
}
