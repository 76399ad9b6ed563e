package dev.llmlifecycle.core.validation.legal;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.Remedy;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.llmlifecycle.core.validation.legal.LegalTexts.LIGHT;
import static dev.llmlifecycle.core.validation.legal.LegalTexts.context;
import static dev.llmlifecycle.core.validation.legal.LegalTexts.passage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

@NullMarked
final class QuotationValidatorTest {

    private static final String QUOTING = "A good question. " + LIGHT + ", as far as anybody knows.";

    private final QuotationValidator validator = LegalValidators.quotation().build();

    @Nested
    final class Limits {

        @Test
        @DisplayName("a quotation longer than allowed asks again, and names span, source, licence and limit")
        void namesWhatIsWrong() {
            Passage source = passage(
                    "p1",
                    "Once upon a time. " + LIGHT + ". It still stands.",
                    Map.of("source", "capes.html", "licence", "proprietary", "quotationLimit", 10));

            ValidationOutcome outcome = validator.validate(QUOTING, context(source));

            assertThat(outcome).isInstanceOf(ValidationOutcome.Retry.class);
            Finding finding = outcome.findings().get(0);
            assertThat(finding.code()).isEqualTo(QuotationValidator.TOO_LONG);
            assertThat(finding.span().orElseThrow().of(QUOTING)).isEqualTo(LIGHT);
            assertThat(finding.message()).isEqualTo("The answer quotes 21 words in a row, and the limit is 10");
            assertThat(finding.evidence())
                    .contains("source capes.html; licence proprietary; longest run 21 words; share 0.72; limit 10"
                            + " words, share 0.25");
        }

        @Test
        void judgesTheShareOfTheAnswerOverAllPassagesOfASource() {
            String second = "nobody has lived in the house of the keeper since the great fire of 1911";
            String answer = LIGHT + ". However, " + second + ".";
            Passage one = passage("p1", LIGHT, Map.of("source", "capes.html", "licence", "proprietary"));
            Passage two = passage("p2", second, Map.of("source", "capes.html", "licence", "proprietary"));

            assertThat(codes(validator.validate(answer, context(one, two))))
                    .containsExactly(QuotationValidator.TOO_MUCH, QuotationValidator.UNATTRIBUTED);
        }

        @Test
        void refusesAnyQuotationOfAForbiddenSource() {
            QuotationValidator strict = LegalValidators.quotation()
                    .rule(LicenceRule.forbidden("secret"))
                    .build();

            ValidationOutcome outcome =
                    strict.validate(QUOTING, context(passage("p1", LIGHT, Map.of("licence", "SECRET"))));

            assertThat(codes(outcome)).containsExactly(QuotationValidator.FORBIDDEN);
            assertThat(outcome.findings().get(0).evidence().orElseThrow()).endsWith("limit no quotation");
        }

        @Test
        void seesThroughPunctuationCaseAndLineBreaks() {
            String disguised = LIGHT.toUpperCase(Locale.ROOT).replace(" ", ",\n");

            assertThat(codes(validator.validate(
                            disguised, context(passage("p1", LIGHT, Map.of("quotationLimit", "8"))))))
                    .contains(QuotationValidator.TOO_LONG);
        }

        @Test
        void countsIdeographsAsWordsAndTakesBrokenCharacters() {
            String chinese = "北方海角上的旧灯塔在寒冷的秋天第一次被点亮";
            Passage source = passage("p1", "据说" + chinese + "\uD800。", Map.of("quotationLimit", "10"));

            List<Finding> findings = validator
                    .validate("是的，" + chinese + "\uDC00。", context(source))
                    .findings();

            assertThat(findings.get(0).message()).isEqualTo("The answer quotes 21 words in a row, and the limit is 10");
        }

        @Test
        void letsShortAndParaphrasedTextPass() {
            String answer = "In the autumn of 1842 the lighthouse was first lit, on the cape in the north.";

            assertThat(validator.validate(answer, context(passage("p1", LIGHT, Map.of("quotationLimit", 1)))))
                    .isEqualTo(ValidationOutcome.pass());
        }
    }

    @Nested
    final class Attribution {

        private final Passage source = passage(
                "p1",
                LIGHT,
                Map.of(
                        "source",
                        "https://capes.example",
                        "title",
                        "Capes",
                        "author",
                        "A. Keeper",
                        "licence",
                        "CC-BY-4.0"));

        @Test
        @DisplayName("title, author, source and licence are appended, and are enough")
        void isAppendedOnce() {
            ValidationOutcome outcome = validator.validate(QUOTING, context(source));

            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            ValidationOutcome.Rewrite.class,
                            rewrite -> assertThat(rewrite.text())
                                    .isEqualTo(
                                            QUOTING + "\n\nSources:\n- \"Capes\" by A. Keeper, https://capes.example,"
                                                    + " licence CC-BY-4.0"));
            String rewritten = ((ValidationOutcome.Rewrite) outcome).text();
            assertThat(validator.validate(rewritten, context(source))).isEqualTo(ValidationOutcome.pass());
        }

        @Test
        void isNotWantedForFreeAndOwnTexts() {
            assertThat(validator.validate(QUOTING, context(passage("p1", LIGHT, Map.of("licence", "CC0-1.0")))))
                    .isEqualTo(ValidationOutcome.pass());
            assertThat(LegalValidators.quotation()
                            .licenceWhereMissing(LicenceRule.OWN)
                            .build()
                            .validate(QUOTING, context(passage("p1", LIGHT, Map.of()))))
                    .isEqualTo(ValidationOutcome.pass());
        }

        @Test
        void takesNoLineBreakOutOfMetadata() {
            Passage hostile = passage("p1", LIGHT, Map.of("title", "Capes\n\nIgnore\u202E this", "licence", "MIT"));

            ValidationOutcome outcome = validator.validate(QUOTING, context(hostile));

            assertThat(((ValidationOutcome.Rewrite) outcome).text())
                    .endsWith("Sources:\n- \"Capes  Ignore  this\", p1, licence MIT");
        }
    }

    @Nested
    final class Rules {

        @ParameterizedTest
        @CsvSource({
            "CC-BY-4.0, CC-BY",
            "cc by 3.0 de, CC-BY",
            "CC BY-SA 4.0, CC-BY-SA",
            "https://creativecommons.org/licenses/by-nc/4.0/, CC-BY-NC",
            "https://creativecommons.org/publicdomain/zero/1.0/, CC0",
            "Apache-2.0, Apache",
            "Apache License 2.0, Apache",
            "BSD-3-Clause, BSD-3-Clause",
            "GPL-3.0-only, UNKNOWN",
            "Alle Rechte vorbehalten, UNKNOWN",
        })
        void areFoundByLicence(String written, String rule) {
            assertThat(LicenceRule.find(LicenceRule.byLicence(LicenceRule.defaults()), written)
                            .licence())
                    .isEqualTo(rule);
        }

        @Test
        void refuseLimitsThatAreNone() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> LicenceRule.limited("CC-BY", 0, 0.5))
                    .withMessage("the rule of licence 'CC-BY' allows 0 words; allow at least 1, or forbid it");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> LicenceRule.limited("CC-BY", 5, Double.NaN))
                    .withMessage("the rule of licence 'CC-BY' allows the share NaN; give one in (0, 1], or forbid it");
            assertThatIllegalArgumentException().isThrownBy(() -> LicenceRule.free(" "));
        }

        @Test
        void areAPartOfTheIdentity() {
            assertThat(LegalValidators.quotation().build().identity()).isEqualTo(validator.identity());
            assertThat(LegalValidators.quotation()
                            .rule(LicenceRule.free("CC-BY"))
                            .build()
                            .identity())
                    .isNotEqualTo(validator.identity());
        }
    }

    @Nested
    final class WrongInput {

        @Test
        void passesWithoutPassagesAndWithEmptyOnes() {
            assertThat(validator.validate(QUOTING, ValidationContext.of("q", List.of())))
                    .isEqualTo(ValidationOutcome.pass());
            assertThat(validator.validate(QUOTING, context(passage("p1", "...", Map.of()))))
                    .isEqualTo(ValidationOutcome.pass());
            assertThat(validator.validate("?!", context(passage("p1", LIGHT, Map.of()))))
                    .isEqualTo(ValidationOutcome.pass());
        }

        @ParameterizedTest
        @ValueSource(strings = {"ten words", "-5", "99999999999", "1.5"})
        @DisplayName("a limit that is no number of words is named, and the rule's own holds")
        void namesALimitThatIsNoNumber(String limit) {
            ValidationOutcome outcome = validator.validate(
                    QUOTING, context(passage("p1", LIGHT, Map.of("licence", "CC0-1.0", "quotationLimit", limit))));

            assertThat(outcome).isInstanceOf(ValidationOutcome.Pass.class);
            assertThat(outcome.findings())
                    .extracting(Finding::message)
                    .containsExactly("The metadata 'quotationLimit' of passage 'p1' is '" + limit
                            + "' and not a number of words, so the limit of licence 'CC0-1.0' holds");
        }

        @Test
        void takesTheSafeSideWithoutMetadata() {
            Passage untagged = passage("p1", (LIGHT + " ").repeat(2), Map.of());

            Finding finding = validator
                    .validate((LIGHT + " ").repeat(2), context(untagged))
                    .findings()
                    .get(0);

            assertThat(finding.code()).isEqualTo(QuotationValidator.TOO_LONG);
            assertThat(finding.evidence().orElseThrow()).startsWith("source p1; licence UNKNOWN; longest run 42 words");
            assertThat(finding.remedy()).isInstanceOf(Remedy.AskAgain.class);
        }

        @Test
        void staysLinearOnAMegabyteAndOnRepetition() {
            String hostile = "ab ab ".repeat(170_000);

            assertTimeoutPreemptively(
                    Duration.ofSeconds(30),
                    () -> assertThat(codes(validator.validate(hostile, context(passage("p1", hostile, Map.of())))))
                            .contains(QuotationValidator.TOO_LONG));
        }
    }

    private static List<String> codes(ValidationOutcome outcome) {
        return outcome.findings().stream().map(Finding::code).toList();
    }
}
