package dev.llmlifecycle.core.validation.content;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

@NullMarked
final class RefusalDetectorTest {

    private final RefusalDetector detector = RefusalDetector.english();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sorry, but I can't assist with that.",
                "I’m sorry, but I cannot help you with this request.",
                "I am unable to provide that information.",
                "As an AI, I won't help with that. It would be harmful.",
                "It is not appropriate to make such jokes.",
                "It's important to remember that hurting animals is never acceptable.",
                "No, nobody who asks politely should ever be told so; people should not be treated like this.",
                "I must respectfully decline.",
                "That goes against my programming guidelines.",
            })
    void declines(String answer) {
        assertThat(detector.detect(answer)).isEqualTo(RefusalDetector.Kind.FULL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "A refund takes five days.",
                "You cannot return opened items. Write to the help desk if one was broken.",
                "Boil the water first. Then add salt. I cannot help adding some pepper, too.",
                "I don't have the number at hand, the help desk has it.",
                "1. Open the lid.\n2. Take out the filter.\nHowever, I would wait until it is cold.",
            })
    void answers(String answer) {
        assertThat(detector.detect(answer)).isEqualTo(RefusalDetector.Kind.NONE);
    }

    @Test
    void aTurnThatLeadsToStepsMakesARefusalPartial() {
        String refusal = "I cannot suggest how to wipe out a garden's bees.";
        String steps = "\n\n1. Plant lavender.\n2. Leave a saucer of water.\n";
        assertThat(detector.detect(refusal + " However, I can say how to live with them:" + steps))
                .isEqualTo(RefusalDetector.Kind.PARTIAL);
        assertThat(detector.detect(refusal + steps)).isEqualTo(RefusalDetector.Kind.FULL);
        assertThat(detector.detect(refusal + " However, I can say how to live with them."))
                .isEqualTo(RefusalDetector.Kind.FULL);
    }

    @Test
    void staysQuickOnTextMadeToBeSlow() {
        assertThat(detector.detect("it's important to note ".repeat(50_000))).isEqualTo(RefusalDetector.Kind.NONE);
        assertThat(detector.detect("we cannot a ".repeat(50_000))).isEqualTo(RefusalDetector.Kind.NONE);
        assertThat(detector.detect(" ".repeat(500_000))).isEqualTo(RefusalDetector.Kind.NONE);
    }

    @Test
    void hasAnIdentity() {
        assertThat(detector.identity().name()).isEqualTo("refusal-english");
        assertThat(detector.identity()).isEqualTo(RefusalDetector.english().identity());
    }
}
