package dev.llmlifecycle.samples.chatbot;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import dev.llmlifecycle.api.app.AnswerEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class AnswerPrinterTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    private final List<String> erased = new ArrayList<>();

    @Test
    void whatIsTakenBackIsErasedAndToldWhereTheScreenAllowsIt() {
        AnswerPrinter printer = new AnswerPrinter(out, text -> {
            erased.add(text);
            out.print("<erased>");
            return true;
        });

        printer.accept(new AnswerEvent.Text("Three "));
        printer.accept(new AnswerEvent.Text("days."));
        printer.accept(new AnswerEvent.Retracted("no passage says so"));
        printer.accept(new AnswerEvent.Text("Fourteen days."));

        assertThat(erased).containsExactly("Three days.");
        assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
                .containsExactly("Three days.<erased>(Taken back: no passage says so.)", "Fourteen days.");
    }

    @Test
    void elsewhereItStaysAboveTheReason() {
        AnswerPrinter printer = new AnswerPrinter(out);

        printer.accept(new AnswerEvent.Text("Three days."));
        printer.accept(new AnswerEvent.Retracted("no passage says so"));
        printer.accept(new AnswerEvent.Text("Fourteen days."));

        assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
                .containsExactly("Three days.", "(Taken back: no passage says so.)", "Fourteen days.");
    }

    @Test
    void nothingIsErasedBeforeAnythingWasShown() {
        AnswerPrinter printer = new AnswerPrinter(out, erased::add);

        printer.accept(new AnswerEvent.Retracted("no passage says so"));

        assertThat(erased).isEmpty();
    }
}
