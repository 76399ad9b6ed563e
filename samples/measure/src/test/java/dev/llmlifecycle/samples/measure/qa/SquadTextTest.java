package dev.llmlifecycle.samples.measure.qa;

import java.util.List;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@NullMarked
final class SquadTextTest {

    @Test
    void normalisesAsSquadDoes() {
        assertThat(SquadText.normalise("  The U.S.\tCongress, a  house!")).isEqualTo("us congress house");
        assertThat(SquadText.normalise("An anthem of the theatre")).isEqualTo("anthem of theatre");
        assertThat(SquadText.normalise("$40,000")).isEqualTo("40000");
        assertThat(SquadText.normalise("6½ – “seven”")).isEqualTo("6½ – “seven”");
        assertThat(SquadText.normalise("Tánaiste\u00A0the")).isEqualTo("tánaiste");
    }

    @Test
    void anyOfTheGoldAnswersWillDo() {
        assertThat(SquadText.containsAny("It gave up just 308 points.", List.of("309", "308")))
                .isTrue();
        assertThat(SquadText.containsAny("It gave up just 308 points.", List.of("309")))
                .isFalse();
        assertThat(SquadText.containsAny("the Golden Gate", List.of("Golden  Gate.")))
                .isTrue();
    }

    @Test
    void aGoldAnswerOfWhichNothingIsLeftIsNotContained() {
        assertThat(SquadText.containsAny("anything", List.of("The", "..."))).isFalse();
    }
}
