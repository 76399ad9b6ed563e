package dev.llmlifecycle.core.validation.content;

import java.util.ArrayList;
import java.util.List;

import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@NullMarked
class GroundednessGuideTest {

    @Test
    void checksAnAnswer() {
        // docs:begin check
        Passage page = new Passage("returns#2", TextSegment.from("Opened software can not be returned."), 0.9);
        GroundednessValidator groundedness = GroundednessValidator.builder().build();

        ValidationOutcome outcome = groundedness.validate(
                "Opened software can be returned.", ValidationContext.of("May I return it?", List.of(page)));

        Finding finding = outcome.findings().get(0);
        String what = finding.code() + ": " + finding.message();
        // what is "contradicted-negation: Says 'return', which the passages deny"
        // docs:end check
        assertThat(what).isEqualTo("contradicted-negation: Says 'return', which the passages deny");
    }

    @Test
    void fitsATenant() {
        List<LabelledAnswer> labelled = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            labelled.add(new LabelledAnswer("Room " + i + " is free.", List.of("Room " + i + " is free today."), true));
            labelled.add(new LabelledAnswer("Lunch " + i + " was good.", List.of("Room " + i + " is free."), false));
        }
        // docs:begin tenant
        GroundednessModel own = GroundednessModel.train(labelled);
        GroundednessValidator groundedness = GroundednessValidator.builder()
                .tenantModel("acme", own)
                .threshold(0.3)
                .build();
        // docs:end tenant
        assertThat(groundedness.identity())
                .isNotEqualTo(
                        GroundednessValidator.builder().threshold(0.3).build().identity());
    }
}
