package dev.llmlifecycle.samples.chatbot;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

final class ChatCommandTest {

    @ParameterizedTest
    @CsvSource({"/wy,WHY", "/WHY,WHY", "/hlep,HELP", "/s,SOURCES", "/sorces,SOURCES", "/relase,RELEASE", "/goods,GOOD"})
    void aSlipIsNearItsCommand(String typed, ChatCommand meant) {
        assertThat(ChatCommand.nearest(typed)).contains(meant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/nonsense", "/etc/passwd"})
    void whatIsFarFromAllIsNearNone(String typed) {
        assertThat(ChatCommand.nearest(typed)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void eachCommandIsFoundListedAndExplained(ChatCommand command) {
        assertThat(ChatCommand.of(command.word())).contains(command);
        assertThat(ChatCommand.list()).contains("  " + command.word(), command.summary());
        assertThat(command.details()).contains(command.word(), command.summary());
    }

    @Test
    void theListFitsATerminal() {
        assertThat(ChatCommand.list().lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThan(80));
    }
}
