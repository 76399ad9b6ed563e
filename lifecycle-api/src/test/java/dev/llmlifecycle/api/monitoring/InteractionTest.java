package dev.llmlifecycle.api.monitoring;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.prompt.PinnedPrompt;
import dev.llmlifecycle.api.retrieval.Citation;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.validation.Finding;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
final class InteractionTest {

    private static final Passage PASSAGE = new Passage("p1", TextSegment.from("text"), 1);
    private static final Citation CITATION = new Citation(1, "p1", "a.md");
    private static final Finding FINDING = new Finding("v", "code", Finding.Severity.INFO, "odd", Optional.empty());
    private static final Step STEP = new Step(Step.MODEL, Duration.ofMillis(3), Map.of("calls", "1"));

    /** Each changes one value. */
    private static final List<UnaryOperator<Interaction.Builder>> CHANGES = List.of(
            builder -> builder.question("why not"),
            builder -> builder.standaloneQuestion("why is it so"),
            builder -> builder.conversationId(Optional.of("c1")),
            builder -> builder.user(Optional.of("ada")),
            builder -> builder.tenant(Optional.of("acme")),
            builder -> builder.label(Optional.of("production")),
            builder -> builder.release(Hash.ofUtf8("release")),
            builder -> builder.prompt(new PinnedPrompt("answer", 1, Hash.ofUtf8("answer"))),
            builder -> builder.retrieval("s1", List.of(PASSAGE)),
            builder -> builder.outcome("abstained", "sorry"),
            builder -> builder.citations(List.of(CITATION)),
            builder -> builder.findings(List.of(FINDING)),
            builder -> builder.tokens(1, 0),
            builder -> builder.tokens(0, 1),
            builder -> builder.cost(Optional.of(BigDecimal.ONE)),
            builder -> builder.step(STEP),
            builder -> builder.duration(Duration.ofSeconds(1)));

    @Test
    void isAnsweredAndHoldsNothingElseUnlessToldOtherwise() {
        Interaction interaction = builder().build();

        assertThat(interaction.id()).isEqualTo("i1");
        assertThat(interaction.startedAt()).isEqualTo(Instant.EPOCH);
        assertThat(interaction.question()).isEqualTo("why");
        assertThat(interaction.outcome()).isEqualTo("answered");
        assertThat(interaction.answer()).isEmpty();
        assertThat(interaction.duration()).isZero();
        assertThat(interaction.inputTokens() + interaction.outputTokens()).isZero();
        assertThat(List.of(
                        interaction.standaloneQuestion(),
                        interaction.conversationId(),
                        interaction.user(),
                        interaction.tenant(),
                        interaction.label(),
                        interaction.release(),
                        interaction.prompt(),
                        interaction.snapshotId(),
                        interaction.cost()))
                .containsOnly(Optional.empty());
        assertThat(interaction.passages()).isEmpty();
        assertThat(interaction.citations()).isEmpty();
        assertThat(interaction.findings()).isEmpty();
        assertThat(interaction.steps()).isEmpty();
    }

    @Test
    void keepsAllItIsTold() {
        Interaction interaction = everything();

        assertThat(interaction.question()).isEqualTo("why not");
        assertThat(interaction.standaloneQuestion()).contains("why is it so");
        assertThat(interaction.conversationId()).contains("c1");
        assertThat(interaction.user()).contains("ada");
        assertThat(interaction.tenant()).contains("acme");
        assertThat(interaction.label()).contains("production");
        assertThat(interaction.release()).contains(Hash.ofUtf8("release"));
        assertThat(interaction.prompt()).map(PinnedPrompt::toString).contains("answer@1");
        assertThat(interaction.snapshotId()).contains("s1");
        assertThat(interaction.passages()).containsExactly(PASSAGE);
        assertThat(interaction.outcome()).isEqualTo("abstained");
        assertThat(interaction.answer()).isEqualTo("sorry");
        assertThat(interaction.citations()).containsExactly(CITATION);
        assertThat(interaction.findings()).containsExactly(FINDING);
        assertThat(interaction.inputTokens()).isZero();
        assertThat(interaction.outputTokens()).isEqualTo(1);
        assertThat(interaction.cost()).contains(BigDecimal.ONE);
        assertThat(interaction.steps()).containsExactly(STEP);
        assertThat(interaction.duration()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void isEqualWhenAllValuesAre() {
        Interaction plain = builder().build();
        assertThat(plain)
                .isEqualTo(builder().build())
                .hasSameHashCodeAs(builder().build());
        assertThat(everything()).isEqualTo(everything()).isNotEqualTo(plain);
        assertThat(plain)
                .isNotEqualTo(Interaction.builder("i2", Instant.EPOCH, "why").build())
                .isNotEqualTo(Interaction.builder("i1", Instant.EPOCH.plusNanos(1), "why")
                        .build());
        for (UnaryOperator<Interaction.Builder> change : CHANGES) {
            assertThat(change.apply(builder()).build()).isNotEqualTo(plain);
        }
    }

    @Test
    void isCopiedWithEveryValue() {
        assertThat(everything().toBuilder().build()).isEqualTo(everything());
        for (UnaryOperator<Interaction.Builder> change : CHANGES) {
            Interaction changed = change.apply(builder()).build();
            assertThat(changed.toBuilder().build()).isEqualTo(changed);
        }
        assertThat(everything().toBuilder().user(Optional.empty()).build().user())
                .isEmpty();
    }

    @Test
    void sharesNothingWithItsBuilders() {
        List<Passage> passages = new ArrayList<>(List.of(PASSAGE));
        Interaction.Builder builder = builder().step(STEP).retrieval("s1", passages);
        Interaction first = builder.build();

        passages.clear();
        Interaction second = builder.step(STEP).question("other").build();
        first.toBuilder().step(STEP).question("third").build();

        assertThat(first.question()).isEqualTo("why");
        assertThat(first.steps()).hasSize(1);
        assertThat(first.passages()).hasSize(1);
        assertThat(second.steps()).hasSize(2);
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> second.steps().clear());
    }

    @Test
    void showsNoTexts() {
        assertThat(everything()).hasToString("Interaction[i1, abstained, PT1S]");
    }

    @Test
    void refusesBlankTextsAndNegativeCounts() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Interaction.builder(" ", Instant.EPOCH, "why"))
                .withMessage("the id of an interaction is blank; give each one a unique id");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Interaction.builder("i1", Instant.EPOCH, " "))
                .withMessage("the question of interaction 'i1' is blank; record what was asked");
        assertThatIllegalArgumentException().isThrownBy(() -> builder().question(""));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().tokens(-1, 2))
                .withMessage("token counts must not be negative but were -1 and 2; use 0 where unknown");
        assertThatIllegalArgumentException().isThrownBy(() -> builder().tokens(1, -2));
    }

    @Test
    void stepsListTheirAttributesByName() {
        assertThat(new Step("own", Duration.ZERO, Map.of("b", "2", "c", "3", "a", "1"))
                        .attributes()
                        .keySet())
                .containsExactly("a", "b", "c");
    }

    @Test
    @SuppressWarnings("NullAway")
    void feedbackMissesNothing() {
        assertThatExceptionOfType(NullPointerException.class)
                .isThrownBy(() -> new Feedback("i1", Feedback.Rating.DOWN, Optional.empty(), null, Instant.EPOCH))
                .withMessage("correction");
    }

    private static Interaction.Builder builder() {
        return Interaction.builder("i1", Instant.EPOCH, "why");
    }

    private static Interaction everything() {
        Interaction.Builder builder = builder();
        for (UnaryOperator<Interaction.Builder> change : CHANGES) {
            builder = change.apply(builder);
        }
        return builder.build();
    }
}
