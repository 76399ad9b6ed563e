package com.example.prompts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RollbackTest {

    private static final String BRIEF = "A refund takes five days.";

    @TempDir
    Path state;

    @Test
    void theVersionedAssistantSaysWhatThePlainOneSays() {
        new PromptDesk(state).publish("You help customers of {{shop}}. Answer in one sentence.", "ada", "first");

        assertEquals(BRIEF, PlainAssistant.create(new ObedientModel()).answer("How long?"));
        assertEquals(BRIEF, VersionedAssistant.create(new ObedientModel(), state).answer("How long?"));
    }

    @Test
    void aBadPromptIsTakenBackWhileTheApplicationRuns() {
        PromptDesk desk = new PromptDesk(state);
        desk.publish("You help customers of {{shop}}. Answer in one sentence.", "ada", "first");
        Assistant assistant = VersionedAssistant.create(new ObedientModel(), state);
        assertEquals(BRIEF, assistant.answer("How long?"));

        desk.publish("You help customers of {{shop}}. Explain each step.", "bob", "customers want details");
        assertTrue(assistant.answer("How long?").length() > 2 * BRIEF.length());

        desk.rollback("ada", "nobody reads that");
        assertEquals(BRIEF, assistant.answer("How long?"));
    }
}
