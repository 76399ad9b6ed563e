package dev.llmlifecycle.samples.measure.qa;

import java.util.List;

import dev.llmlifecycle.api.retrieval.Passage;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
final class EmbeddedSystemTest {

    private static final List<QuestionSet.Passage> PASSAGES = List.of(
            new QuestionSet.Passage(
                    "tea",
                    "Tea",
                    "Green tea is steeped at seventy degrees. Black tea takes boiling water. Both are drunk in Asia."),
            new QuestionSet.Passage(
                    "bridge",
                    "Bridges",
                    "The bridge was opened in 1932. It carries eight lanes of traffic. Ships pass below its arch."));

    @Test
    void findsThePassageAndQuotesItWithoutCitationMarks() {
        try (EmbeddedSystem system = new EmbeddedSystem()) {
            system.index(PASSAGES);
            List<Passage> found = system.search("When was the bridge opened?");

            assertThat(found).extracting(Passage::source).containsExactly("bridge", "tea");
            assertThat(system.answer("When was the bridge opened?", found, 1))
                    .isEqualTo("The bridge was opened in 1932.");
            assertThat(system.answer("When was the bridge opened?", found, 2))
                    .contains("The bridge was opened in 1932.")
                    .doesNotContain("[");
            double support = system.support("When was the bridge opened?", found);
            assertThat(system.answers(support)).isTrue();
            system.index(PASSAGES.subList(0, 1));
            found = system.search("When was the bridge opened?");
            assertThat(found).extracting(Passage::source).containsExactly("tea");
            double without = system.support("When was the bridge opened?", found);
            assertThat(without).isLessThan(support);
            assertThat(system.answers(without)).isFalse();
            List<Passage> tea = found;
            assertThatIllegalArgumentException().isThrownBy(() -> system.answer("Which?", tea, 3));
        }
    }
}
