package dev.llmlifecycle.core.validation.legal;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.monitoring.Interaction;
import dev.llmlifecycle.api.monitoring.Step;
import dev.llmlifecycle.api.prompt.PinnedPrompt;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.validation.ValidationContext;

/** Passages and interactions of the tests on legal rules. */
final class LegalTexts {

    /** Twenty-one words. */
    static final String LIGHT = "The old lighthouse on the northern cape was lit for the first time in"
            + " the cold and stormy autumn of 1842";

    static final Instant ASKED = Instant.parse("2026-03-01T09:00:00Z");

    private LegalTexts() {}

    static Passage passage(String id, String text, Map<String, ?> metadata) {
        return new Passage(id, TextSegment.from(text, Metadata.from(metadata)), 0.5);
    }

    static ValidationContext context(Passage... passages) {
        return ValidationContext.of("When was the lighthouse lit?", List.of(passages));
    }

    static Interaction interaction(String answer, Passage... passages) {
        return Interaction.builder("i-1", ASKED, "When was the lighthouse lit?")
                .release(Hash.ofUtf8("release"))
                .prompt(new PinnedPrompt("support", 3, Hash.ofUtf8("prompt")))
                .retrieval("snapshot-9", List.of(passages))
                .step(new Step(Step.MODEL, Duration.ofMillis(5), Map.of("model", "small-model", "purpose", "answer")))
                .outcome("answered", answer)
                .build();
    }
}
