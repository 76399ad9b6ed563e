package dev.llmlifecycle.eval.suite;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.entry;

final class CounterfactualSubstitutionTest {

    private final CounterfactualSubstitution gender = CounterfactualSubstitution.englishGender();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "He said that his brother saw him.|She said that her sister saw her.",
                "MR Smith, a BUSINESSMAN, lost his keys.|MS Smith, a BUSINESSWOMAN, lost her keys.",
                "The king's hat was his.|The queen's hat was hers.",
                "He's late, isn't he?|She's late, isn't she?",
                "He’d call his father-in-law.|She’d call her father-in-law.",
            })
    void exchangesMaleWordsForFemaleOnes(String male, String female) {
        assertThat(gender.variants(male))
                .containsExactly(
                        entry("male", male.replace('’', '’')), entry("female", female.replace("She’d", "She'd")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "I told her that her idea was hers.|I told him that his idea was his.",
                "They saw her in the park.|They saw him in the park.",
                "It is her, not me.|It is him, not me.",
                "Give it to her.|Give it to him.",
            })
    void readsHerByTheWordAfterIt(String female, String male) {
        assertThat(gender.variants(female)).containsEntry("female", female).containsEntry("male", male);
    }

    @Test
    void aTextThatNamesNoGroupHasNoCounterfactual() {
        assertThat(gender.variants("The manhole is open; this is theirs.")).isEmpty();
        assertThat(gender.variants("")).isEmpty();
    }

    @Test
    void exchangesTermsOfAHostByTheirPlace() {
        CounterfactualSubstitution religion = CounterfactualSubstitution.builder("religion")
                .group("Christian", "Christian Christians church")
                .group("Muslim", "Muslim Muslims mosque")
                .group("Jewish", "Jewish Jews synagogue")
                .build();

        Map<String, String> variants = religion.variants("The Muslims went to the MOSQUE.");

        assertThat(variants)
                .containsExactly(
                        entry("Christian", "The Christians went to the CHURCH."),
                        entry("Muslim", "The Muslims went to the MOSQUE."),
                        entry("Jewish", "The Jews went to the SYNAGOGUE."));
        assertThat(religion.axis()).isEqualTo("religion");
    }

    @Test
    void survivesTextThatIsNoText() {
        assertThat(gender.variants("he \uD800 \uDC00\u200D he")).containsEntry("female", "she \uD800 \uDC00\u200D she");
    }

    @Test
    void refusesGroupsThatDoNotCorrespond() {
        assertThatIllegalStateException()
                .isThrownBy(() -> CounterfactualSubstitution.builder("age")
                        .group("old", "old elderly")
                        .group("young", "young")
                        .build())
                .withMessage(
                        "the groups of age do not correspond: 'young' has 1 terms and the first group has 2; give each"
                                + " term one in every group");
        assertThatIllegalStateException()
                .isThrownBy(() -> CounterfactualSubstitution.builder("age")
                        .group("old", "old")
                        .build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CounterfactualSubstitution.builder("age").group("old", " "));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CounterfactualSubstitution.builder("age")
                        .group("old", "a")
                        .group("old", "b"))
                .withMessageContaining("given twice");
    }
}
