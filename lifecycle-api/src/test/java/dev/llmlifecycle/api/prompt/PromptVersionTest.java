package dev.llmlifecycle.api.prompt;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

import dev.llmlifecycle.api.identity.Hash;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@NullMarked
final class PromptVersionTest {

    private static final ChatPromptTemplate TEMPLATE =
            ChatPromptTemplate.builder("answer").user("{{question}}").build();
    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");

    @Test
    void isPinnedByNameNumberAndHash() {
        PromptVersion version = version(3, Optional.of(Hash.ofUtf8("parent")), "ada", "why", TIME);

        assertThat(version.name()).isEqualTo("answer");
        assertThat(version.pin()).isEqualTo(new PinnedPrompt("answer", 3, version.hash()));
        assertThat(version.pin()).hasToString("answer@3");
    }

    @Test
    void hasAHashOverEverything() {
        Optional<Hash> none = Optional.empty();

        assertThat(Set.of(
                        version(1, none, "ada", "why", TIME).hash(),
                        version(2, none, "ada", "why", TIME).hash(),
                        version(1, Optional.of(Hash.ofUtf8("parent")), "ada", "why", TIME)
                                .hash(),
                        version(1, none, "bob", "why", TIME).hash(),
                        version(1, none, "ada", "because", TIME).hash(),
                        version(1, none, "ada", "why", TIME.plusNanos(1)).hash(),
                        tagged("support").hash(),
                        tagged("support", "v1.2").hash()))
                .hasSize(8);
    }

    @Test
    void hasNoTagsInItsCanonicalFormWhenItHasNone() {
        PromptVersion version = version(1, Optional.empty(), "ada", "why", TIME);

        assertThat(version.toCanonical()).doesNotContainKey("tags");
        assertThat(tagged()).isEqualTo(version);
        assertThat(tagged().hash()).isEqualTo(version.hash());
    }

    @Test
    void ordersAndCopiesItsTagsAndRefusesWhatIsNone() {
        SortedSet<String> given = new TreeSet<>(Comparator.reverseOrder());
        given.addAll(List.of("b.1", "a", "c-2"));
        PromptVersion version = new PromptVersion(TEMPLATE, 1, Optional.empty(), "ada", "why", TIME, given);
        given.clear();

        assertThat(version.tags()).containsExactly("a", "b.1", "c-2");
        assertThat(version).isEqualTo(tagged("c-2", "b.1", "a"));
        assertThat(version.toCanonical()).containsEntry("tags", List.of("a", "b.1", "c-2"));
        assertThatThrownBy(() -> version.tags().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tagged("Support"))
                .withMessage("the prompt tag 'Support' is not allowed; use lower-case letters and digits with single"
                        + " hyphens and dots between them, such as 'support' or 'v1.2'");
    }

    @Test
    void refusesNumbersBelowOneAndBlankTexts() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> version(0, Optional.empty(), "ada", "why", TIME))
                .withMessage("the number of a version of prompt 'answer' must be at least 1 but was 0; let the registry"
                        + " count");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> version(1, Optional.empty(), " ", "why", TIME))
                .withMessage("version 1 of prompt 'answer' has a blank author or message; say who changed what");
        assertThatIllegalArgumentException().isThrownBy(() -> version(1, Optional.empty(), "ada", "", TIME));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PinnedPrompt("answer", 0, Hash.ofUtf8("")))
                .withMessage(
                        "versions count from 1 but prompt 'answer' is pinned at 0; take it from PromptVersion.pin()");
    }

    private static PromptVersion tagged(String... tags) {
        return new PromptVersion(TEMPLATE, 1, Optional.empty(), "ada", "why", TIME, PromptVersion.tags(List.of(tags)));
    }

    private static PromptVersion version(int number, Optional<Hash> parent, String author, String message, Instant at) {
        return new PromptVersion(TEMPLATE, number, parent, author, message, at);
    }
}
