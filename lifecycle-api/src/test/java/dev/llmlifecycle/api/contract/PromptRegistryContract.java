package dev.llmlifecycle.api.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.ModelParameters;
import dev.llmlifecycle.api.prompt.PromptRegistry;
import dev.llmlifecycle.api.prompt.PromptVariable;
import dev.llmlifecycle.api.prompt.PromptVersion;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * What every {@link PromptRegistry} must hold to.
 *
 * <p>Extend it in a test of your own and supply {@link #create()}; a registry that keeps its content across restarts
 * supplies {@link #reopen()} too. Each test works on one registry.
 */
public abstract class PromptRegistryContract {

    private static final String NAME = "support-answer";

    /**
     * Returns a new registry without content, separate from every one before.
     *
     * @return the registry under test
     */
    protected abstract PromptRegistry create();

    /**
     * Opens the content of the last registry of {@link #create()} anew, as after a restart.
     *
     * @return the reopened registry, or nothing where a restart loses the content by design
     */
    protected Optional<PromptRegistry> reopen() {
        return Optional.empty();
    }

    @Test
    public final void startsEmpty() {
        PromptRegistry registry = create();

        assertThat(registry.names()).isEmpty();
        assertThat(registry.history(NAME)).isEmpty();
        assertThat(registry.find(NAME, 1)).isEmpty();
        assertThat(registry.labelled(NAME, "reviewed")).isEmpty();
        assertThat(registry.labels(NAME)).isEmpty();
        assertThat(registry.search(version -> true)).isEmpty();
    }

    @Test
    public final void numbersFromOneAndKeepsWhatItWasGiven() {
        PromptRegistry registry = create();
        ChatPromptTemplate template = template("Answer briefly.");

        PromptVersion first = registry.register(template, "ada", "first draft");

        assertThat(first.number()).isEqualTo(1);
        assertThat(first.parent()).isEmpty();
        assertThat(first.template()).isEqualTo(template);
        assertThat(first.author()).isEqualTo("ada");
        assertThat(first.message()).isEqualTo("first draft");
        assertThat(registry.find(NAME, 1)).contains(first);
    }

    @Test
    public final void chainsEachVersionToTheOneBefore() {
        PromptRegistry registry = create();
        PromptVersion first = registry.register(template("one"), "ada", "first");
        PromptVersion second = registry.register(template("two"), "ada", "second");
        PromptVersion third = registry.register(template("three"), "ada", "third");

        assertThat(second.number()).isEqualTo(2);
        assertThat(second.parent()).contains(first.hash());
        assertThat(third.number()).isEqualTo(3);
        assertThat(third.parent()).contains(second.hash());
        assertThat(registry.history(NAME)).containsExactly(first, second, third);
        assertThat(registry.find(NAME, 2)).contains(second);
    }

    @Test
    public final void returnsTheLatestVersionForTheSameContent() {
        PromptRegistry registry = create();
        PromptVersion first = registry.register(template("one"), "ada", "first");

        PromptVersion again = registry.register(template("one"), "bob", "did it change?");

        assertThat(again).isEqualTo(first);
        assertThat(registry.history(NAME)).containsExactly(first);
    }

    @Test
    public final void keepsTagsInOrderAndMakesANewVersionWhenTheyChange() {
        PromptRegistry registry = create();
        PromptVersion plain = registry.register(template("one"), "ada", "first");

        PromptVersion tagged = registry.register(template("one"), "ada", "tagged", Set.of("v1.2", "support", "a-b"));
        PromptVersion again = registry.register(template("one"), "bob", "again", Set.of("a-b", "v1.2", "support"));
        PromptVersion untagged = registry.register(template("one"), "ada", "tags taken away");

        assertThat(plain.tags()).isEmpty();
        assertThat(tagged.tags()).containsExactly("a-b", "support", "v1.2");
        assertThat(again).isEqualTo(tagged);
        assertThat(registry.find(NAME, 2)).contains(tagged);
        assertThat(untagged.number()).isEqualTo(3);
        assertThat(untagged.tags()).isEmpty();
    }

    @Test
    public final void refusesATagThatIsNotOneAndKeepsNothingOfIt() {
        PromptRegistry registry = create();

        for (String tag : List.of("", " ", "Support", "two words", "-a", "a-", "a..b", "a_b", "é", "a\nb")) {
            assertThatIllegalArgumentException()
                    .as("tag '%s'", tag)
                    .isThrownBy(() -> registry.register(template("one"), "ada", "first", Set.of(tag)));
        }

        assertThat(registry.names()).isEmpty();
    }

    @Test
    public final void searchesAllNamesInOrder() {
        PromptRegistry registry = create();
        PromptVersion summary = registry.register(named("summary", "one"), "ada", "first", Set.of("support"));
        PromptVersion first = registry.register(named("answer", "one"), "ada", "first", Set.of("support"));
        PromptVersion second = registry.register(named("answer", "two"), "bob", "second", Set.of("support", "v2"));
        PromptVersion third = registry.register(named("answer", "three"), "ada", "third");

        assertThat(registry.search(version -> version.tags().contains("support")))
                .containsExactly(first, second, summary);
        assertThat(registry.search(version -> version.author().equals("ada"))).containsExactly(first, third, summary);
        assertThat(registry.search(version -> false)).isEmpty();
    }

    @Test
    public final void makesANewVersionOfContentThatIsOlderThanTheLatest() {
        PromptRegistry registry = create();
        registry.register(template("one"), "ada", "first");
        PromptVersion second = registry.register(template("two"), "ada", "second");

        PromptVersion third = registry.register(template("one"), "ada", "back to the first");

        assertThat(third.number()).isEqualTo(3);
        assertThat(third.parent()).contains(second.hash());
    }

    @Test
    public final void numbersEachNameForItselfAndListsTheNamesInOrder() {
        PromptRegistry registry = create();
        registry.register(named("summary", "one"), "ada", "first");
        registry.register(named("answer", "one"), "ada", "first");
        registry.register(named("answer-2", "one"), "ada", "first");
        PromptVersion second = registry.register(named("answer", "two"), "ada", "second");

        assertThat(registry.names()).containsExactly("answer", "answer-2", "summary");
        assertThat(second.number()).isEqualTo(2);
        assertThat(registry.history("answer-2")).hasSize(1);
    }

    @Test
    public final void findsNothingUnderUnknownNamesAndNumbers() {
        PromptRegistry registry = create();
        registry.register(template("one"), "ada", "first");

        for (int number : new int[] {Integer.MIN_VALUE, -1, 0, 2, Integer.MAX_VALUE}) {
            assertThat(registry.find(NAME, number)).as("version %d", number).isEmpty();
        }
        for (String name : List.of("other", "", " ", "..", "../" + NAME, NAME + "/1", "SUPPORT-ANSWER", "a\u0000b")) {
            assertThat(registry.find(name, 1)).as("prompt '%s'", name).isEmpty();
            assertThat(registry.history(name)).as("prompt '%s'", name).isEmpty();
            assertThat(registry.labelled(name, "reviewed"))
                    .as("prompt '%s'", name)
                    .isEmpty();
            assertThat(registry.labels(name)).as("prompt '%s'", name).isEmpty();
        }
    }

    @Test
    public final void refusesABlankAuthorOrMessageAndKeepsNothingOfIt() {
        PromptRegistry registry = create();

        assertThatIllegalArgumentException().isThrownBy(() -> registry.register(template("one"), " ", "first"));
        assertThatIllegalArgumentException().isThrownBy(() -> registry.register(template("one"), "ada", ""));

        assertThat(registry.names()).isEmpty();
        assertThat(registry.register(template("one"), "ada", "first").number()).isEqualTo(1);
    }

    @Test
    public final void refusesTextThatHasNoHashAndKeepsNothingOfIt() {
        PromptRegistry registry = create();
        ChatPromptTemplate loneSurrogate = template("half a pair \ud83d");

        assertThatIllegalArgumentException().isThrownBy(() -> registry.register(loneSurrogate, "ada", "first"));

        assertThat(registry.names()).isEmpty();
        assertThat(registry.history(NAME)).isEmpty();
        assertThat(registry.register(template("whole"), "ada", "first").number())
                .isEqualTo(1);
    }

    @Test
    public final void movesALabelFromVersionToVersion() {
        PromptRegistry registry = create();
        PromptVersion first = registry.register(template("one"), "ada", "first");
        PromptVersion second = registry.register(template("two"), "ada", "second");

        registry.label(NAME, "reviewed", 1);
        registry.label(NAME, "draft", 2);
        assertThat(registry.labelled(NAME, "reviewed")).contains(first);
        assertThat(registry.labelled(NAME, "draft")).contains(second);

        registry.label(NAME, "reviewed", 2);
        assertThat(registry.labelled(NAME, "reviewed")).contains(second);
        assertThat(registry.labelled(NAME, "draft")).contains(second);

        registry.label(NAME, "reviewed", 1);
        assertThat(registry.labelled(NAME, "reviewed")).contains(first);
    }

    @Test
    public final void keepsTheLabelsOfOneNameFromAnother() {
        PromptRegistry registry = create();
        registry.register(named("answer", "one"), "ada", "first");
        registry.register(named("summary", "one"), "ada", "first");

        registry.label("answer", "reviewed", 1);

        assertThat(registry.labelled("summary", "reviewed")).isEmpty();
        assertThat(registry.labels("summary")).isEmpty();
    }

    @Test
    public final void listsTheLabelsOfANameInOrder() {
        PromptRegistry registry = create();
        registry.register(template("one"), "ada", "first");
        registry.register(template("two"), "ada", "second");
        registry.label(NAME, "reviewed", 1);
        registry.label(NAME, "draft", 1);
        Map<String, Integer> before = registry.labels(NAME);
        registry.label(NAME, "draft", 2);

        assertThat(before).containsExactly(Map.entry("draft", 1), Map.entry("reviewed", 1));
        assertThat(registry.labels(NAME)).containsExactly(Map.entry("draft", 2), Map.entry("reviewed", 1));
        assertThatThrownBy(before::clear).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    public final void refusesALabelOnAVersionThatIsNotThere() {
        PromptRegistry registry = create();
        PromptVersion first = registry.register(template("one"), "ada", "first");
        registry.label(NAME, "reviewed", 1);

        assertThatIllegalArgumentException().isThrownBy(() -> registry.label(NAME, "reviewed", 2));
        assertThatIllegalArgumentException().isThrownBy(() -> registry.label(NAME, "reviewed", 0));
        assertThatIllegalArgumentException().isThrownBy(() -> registry.label("other", "reviewed", 1));

        assertThat(registry.labelled(NAME, "reviewed")).contains(first);
        assertThat(registry.names()).containsExactly(NAME);
    }

    @Test
    public final void refusesALabelThatIsNotOne() {
        PromptRegistry registry = create();
        registry.register(template("one"), "ada", "first");

        for (String label : List.of("", " ", "Reviewed", "two words", "../draft", "a\nb")) {
            assertThatIllegalArgumentException()
                    .as("label '%s'", label)
                    .isThrownBy(() -> registry.label(NAME, label, 1));
        }
    }

    @Test
    public final void handsOutListsThatNobodyCanChange() {
        PromptRegistry registry = create();
        PromptVersion first = registry.register(template("one"), "ada", "first");
        List<PromptVersion> history = registry.history(NAME);
        List<String> names = registry.names();

        assertThatThrownBy(history::clear).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(names::clear).isInstanceOf(UnsupportedOperationException.class);
        registry.register(template("two"), "ada", "second");
        registry.register(named("other", "one"), "ada", "first");
        assertThat(history).containsExactly(first);
        assertThat(names).containsExactly(NAME);
    }

    @Test
    public final void losesAndDoublesNoNumberWhenThreadsRegister() {
        PromptRegistry registry = create();
        int each = 4;

        List<PromptVersion> registered = Threads.together(thread -> IntStream.range(0, each)
                        .mapToObj(i -> registry.register(template(thread + "/" + i), "thread-" + thread, "change " + i))
                        .toList())
                .stream()
                .flatMap(List::stream)
                .toList();

        assertThat(registered)
                .extracting(PromptVersion::number)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, Threads.COUNT * each).boxed().toList());
        assertThat(registry.history(NAME)).hasSize(Threads.COUNT * each).containsAll(registered);
        assertChained(registry.history(NAME));
    }

    @Test
    public final void losesNoneOfTwentyVersionsThatAreRegisteredAtOnce() {
        PromptRegistry registry = create();
        int threads = 20;

        List<PromptVersion> registered = Threads.together(
                threads, thread -> registry.register(template("by " + thread), "thread-" + thread, "change"));

        List<PromptVersion> history = registry.history(NAME);
        assertThat(history).hasSize(threads).containsExactlyInAnyOrderElementsOf(registered);
        assertThat(history).extracting(PromptVersion::author).doesNotHaveDuplicates();
        assertChained(history);
    }

    @Test
    public final void makesOneVersionWhenThreadsRegisterTheSameContent() {
        PromptRegistry registry = create();

        List<PromptVersion> registered =
                Threads.together(thread -> registry.register(template("same"), "thread-" + thread, "first"));

        assertThat(registry.history(NAME)).hasSize(1);
        assertThat(registered).containsOnly(registry.history(NAME).get(0));
    }

    @Test
    public final void isReadableWhileAnotherThreadWrites() {
        PromptRegistry registry = create();

        Threads.together(thread -> {
            for (int i = 0; i < 4; i++) {
                if (thread == 0) {
                    int number = registry.register(template("text " + i), "ada", "change")
                            .number();
                    registry.label(NAME, "draft", number);
                } else {
                    assertChained(registry.history(NAME));
                    registry.labelled(NAME, "draft")
                            .ifPresent(version ->
                                    assertThat(registry.history(NAME)).contains(version));
                }
            }
            return thread;
        });
    }

    @Test
    public final void keepsEverythingAcrossARestart() {
        PromptRegistry registry = create();
        List<PromptVersion> versions = new ArrayList<>();
        versions.add(registry.register(
                everything(), "Ada Lovelace", "first\nwith a second line", Set.of("2026-q1", "support")));
        versions.add(registry.register(template("plain"), "李雷", "täglich \ud83d\ude00 \u2028 \u202e"));
        registry.label(NAME, "draft", 2);
        registry.label(NAME, "reviewed", 2);
        registry.label(NAME, "reviewed", 1);

        reopen().ifPresent(reopened -> {
            assertThat(reopened.names()).containsExactly(NAME);
            assertThat(reopened.history(NAME)).isEqualTo(versions);
            assertThat(reopened.history(NAME))
                    .extracting(PromptVersion::hash)
                    .isEqualTo(versions.stream().map(PromptVersion::hash).toList());
            assertThat(reopened.labels(NAME)).containsExactly(Map.entry("draft", 2), Map.entry("reviewed", 1));
            assertThat(reopened.labelled(NAME, "draft")).contains(versions.get(1));
            assertThat(reopened.labelled(NAME, "reviewed")).contains(versions.get(0));
            assertThat(reopened.register(template("plain"), "ada", "again")).isEqualTo(versions.get(1));
            PromptVersion third = reopened.register(template("third"), "ada", "after the restart");
            assertThat(third.number()).isEqualTo(3);
            assertThat(third.parent()).contains(versions.get(1).hash());
        });
    }

    private static void assertChained(List<PromptVersion> history) {
        for (int i = 0; i < history.size(); i++) {
            assertThat(history.get(i).number()).isEqualTo(i + 1);
            assertThat(history.get(i).parent())
                    .isEqualTo(
                            i == 0
                                    ? Optional.empty()
                                    : Optional.of(history.get(i - 1).hash()));
        }
    }

    private static ChatPromptTemplate template(String system) {
        return named(NAME, system);
    }

    private static ChatPromptTemplate named(String name, String system) {
        return ChatPromptTemplate.builder(name)
                .system(system)
                .user("{{question}}")
                .build();
    }

    private static ChatPromptTemplate everything() {
        return ChatPromptTemplate.builder(NAME)
                .variable(PromptVariable.text("product"))
                .variable(PromptVariable.number("limit").between(-1.5, 10).withDefault("3"))
                .variable(PromptVariable.bool("formal").withDefault("false"))
                .variable(PromptVariable.oneOf("tone", "kind", "curt").trusted())
                .variable(PromptVariable.text("mail")
                        .matching("[^\\x00]*")
                        .maxLength(80)
                        .delimited())
                .variable(PromptVariable.list(
                                "orders",
                                PromptVariable.text("id").datamarked(),
                                PromptVariable.object("address", PromptVariable.text("city")))
                        .maxItems(7)
                        .withDefault(""))
                .partial("rules", "Be {{tone}}.\n")
                .partial("signature", "")
                .system("# Rules\r\n  - \"quote\" \\ back\tslash\n---\n{{passages}}\n\n  trailing  \n")
                .examples()
                .history()
                .user("{{question}} — für {{product}} \ud83d\ude00\u0000\u001b\u2029")
                .assistant("Gladly:")
                .outputSchema("{\"type\": \"object\"}")
                .parameters(ModelParameters.builder()
                        .temperature(0.1)
                        .topP(0.95)
                        .maxOutputTokens(256)
                        .stopSequences("\n\n", "END")
                        .build())
                .build();
    }
}
