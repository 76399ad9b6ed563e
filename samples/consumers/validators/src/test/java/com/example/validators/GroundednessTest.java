package com.example.validators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.langchain4j.guardrail.OutputGuardrailException;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.retriever.ContentRetriever;
import java.util.List;
import org.junit.jupiter.api.Test;

class GroundednessTest {

    private static final String QUESTION = "How long can I return a coffee grinder?";
    private static final ContentRetriever DOCUMENTS =
            query -> List.of(Content.from("You can return a grinder within 30 days, in its box."));

    @Test
    void thePlainAssistantPassesOnANumberThatTheModelMadeUp() {
        assertEquals(
                "You can return it within 90 days.",
                PlainAssistant.create(new ForgetfulModel(1), DOCUMENTS).answer(QUESTION));
    }

    @Test
    void theGroundedAssistantAsksAgain() {
        assertEquals(
                "You can return it within 30 days.",
                GroundedAssistant.create(new ForgetfulModel(1), DOCUMENTS).answer(QUESTION));
    }

    @Test
    void aModelThatInsistsIsNotPassedOn() {
        Assistant assistant = GroundedAssistant.create(new ForgetfulModel(99), DOCUMENTS);

        OutputGuardrailException refused =
                assertThrows(OutputGuardrailException.class, () -> assistant.answer(QUESTION));

        assertTrue(refused.getMessage().contains("Validator 'groundedness' refused (ungrounded-number)"));
        assertFalse(refused.getMessage().contains("90"));
    }
}
