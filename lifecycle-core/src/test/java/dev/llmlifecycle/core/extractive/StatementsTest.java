package dev.llmlifecycle.core.extractive;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class StatementsTest {

    @Test
    void sentencesStandAsTheyAreOnOneLine() {
        assertThat(Statements.of("Refunds take\n14 days. Exchanges are free."))
                .containsExactly("Refunds take 14 days.", "Exchanges are free.");
    }

    @Test
    void listItemsLoseTheirMarkerAndHeadingsAreLeftOut() {
        assertThat(Statements.of("## Terms\n\n- **Two** years\n* One year\n1. Keep the box\n\n---\n"))
                .containsExactly("Two years", "One year", "Keep the box");
    }

    @Test
    void tableRowsCarryTheirColumnNames() {
        assertThat(Statements.of("""
                | Country | Days | Price |
                |---|:-:|--:|
                | Germany | 2 | EUR 4.90 |
                | France | | EUR 7.90 |

                Prices include VAT."""))
                .containsExactly(
                        "Country: Germany; Days: 2; Price: EUR 4.90",
                        "Country: France; Price: EUR 7.90",
                        "Prices include VAT.");
    }

    @Test
    void raggedRowsKeepWhatTheyHave() {
        assertThat(Statements.of("| A |\n|---|\n| one | two |\n|")).containsExactly("A: one; two");
    }
}
