package dev.llmlifecycle.core.release;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

final class PersonTest {

    @Test
    void namesThatDifferInCaseBlanksOrCompositionAreOnePerson() {
        for (String name : List.of("Ada", "ada ", " ADA", "a\u200Bda", "\uFF21da", "ada\u00A0", "ad\u00ADa")) {
            assertThat(Person.of(name)).as(name).isEqualTo(Person.of("ada"));
        }
        assertThat(Person.of("Ren\u00E9 Stra\u00DFe")).isEqualTo(Person.of("RENE\u0301\t STRASSE"));
        assertThat(Person.of("bob")).isNotEqualTo(Person.of("rob"));
        assertThat(Person.of("\u0430da")).as("Cyrillic").isNotEqualTo(Person.of("ada"));
    }

    @Test
    void somethingOfANameIsVisible() {
        for (String name : List.of("", " ", "\u200B\u2060")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Person.of(name))
                    .withMessage("the name of a person has no visible character; say who it is");
        }
    }
}
