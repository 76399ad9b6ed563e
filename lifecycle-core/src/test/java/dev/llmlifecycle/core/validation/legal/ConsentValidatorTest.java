package dev.llmlifecycle.core.validation.legal;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static dev.llmlifecycle.core.validation.legal.LegalTexts.context;
import static dev.llmlifecycle.core.validation.legal.LegalTexts.passage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
final class ConsentValidatorTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-15T10:00:00Z"), ZoneOffset.UTC);

    private final ConsentValidator validator =
            LegalValidators.consent(CLOCK).purpose("Support").purpose("billing").build();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "consent|given|",
                "consent|YES|",
                "consent|withdrawn|consent-missing",
                "consent|perhaps|consent-missing",
                "purpose|support|",
                "purpose|marketing, Billing|",
                "purpose|marketing|purpose-not-allowed",
                "purpose|marketing,|purpose-not-allowed",
                "retainUntil|2026-03-15|",
                "retainUntil|2026-03-14|retention-over",
                "retainUntil|2026-03-14T23:00:00Z|retention-over",
                "retainUntil|2027-01-01T00:00:00Z|",
                "retainUntil|soon|retention-date-unreadable",
                "retainUntil|2026-02-30|retention-date-unreadable",
                "other|x|",
            })
    void readsTheTagsOfAPassage(String tag, String value, @Nullable String code) {
        ValidationOutcome outcome = check(passage("p1", "text", Map.of(tag, value)));

        if (code == null) {
            assertThat(outcome).isEqualTo(ValidationOutcome.pass());
        } else {
            assertThat(outcome).isInstanceOf(ValidationOutcome.Block.class);
            assertThat(outcome.findings()).extracting(Finding::code).containsExactly(code);
        }
    }

    @Test
    @DisplayName("a date that cannot be read is named with its passage")
    void namesAnUnreadableDate() {
        assertThat(check(passage("p1", "text", Map.of("retainUntil", "31.01.2026")))
                        .findings())
                .extracting(Finding::message)
                .containsExactly(
                        "The metadata 'retainUntil' of passage 'p1' is '31.01.2026' and not a date such as 2026-01-31");
    }

    @Test
    void mayRequireTags() {
        ConsentValidator strict = LegalValidators.consent(CLOCK)
                .requireConsent()
                .requirePurpose()
                .requireRetention()
                .build();

        assertThat(strict.validate("text", context(passage("p1", "text", Map.of())))
                        .findings())
                .extracting(Finding::message)
                .containsExactly(
                        "The passage 'p1' has no metadata 'consent'; tag it",
                        "The passage 'p1' has no metadata 'purpose'; tag it",
                        "The passage 'p1' has no metadata 'retainUntil'; tag it");
        assertThat(strict.identity()).isNotEqualTo(validator.identity());
    }

    @Test
    void refusesAnAnswerThatRestsOnSuchAPassage() {
        Passage good = passage("p1", "text", Map.of("consent", "given"));
        Passage bad = passage("p2", "text", Map.of("consent", "refused"));

        ValidationOutcome outcome = validator.validate("An answer.", context(good, bad));

        assertThat(outcome).isInstanceOf(ValidationOutcome.Block.class);
        assertThat(outcome.findings().get(0).evidence()).contains("passage p2; source p2");
        assertThat(validator.validate("An answer.", ValidationContext.of("q", List.of())))
                .isEqualTo(ValidationOutcome.pass());
    }

    @Test
    void refusesPurposesThatAreNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LegalValidators.consent(CLOCK).purpose("a, b"))
                .withMessage("the purpose 'a, b' is blank or has a comma; add purposes one by one");
    }

    private ValidationOutcome check(Passage passage) {
        return validator.validate(passage.text(), context(passage).withSubject(ValidationContext.Subject.PASSAGE));
    }
}
