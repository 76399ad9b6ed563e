package dev.llmlifecycle.api.contract;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.PromptRegistry;
import dev.llmlifecycle.api.prompt.PromptVersion;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class PromptRegistryContractTest extends PromptRegistryContract {

    private PromptRegistry last = new InMemoryPromptRegistry();

    @Override
    protected PromptRegistry create() {
        last = new InMemoryPromptRegistry();
        return last;
    }

    @Override
    protected Optional<PromptRegistry> reopen() {
        return Optional.of(last);
    }

    @Test
    void noticesARegistryThatDoesNotCountFromOne() {
        assertThat(failures(() -> new InMemoryPromptRegistry() {
                    @Override
                    int nextNumber(List<PromptVersion> history) {
                        return history.size() + 2;
                    }
                }))
                .contains("numbersFromOneAndKeepsWhatItWasGiven", "losesAndDoublesNoNumberWhenThreadsRegister");
    }

    @Test
    void noticesAMissingParent() {
        assertThat(failures(() -> new InMemoryPromptRegistry() {
                    @Override
                    Optional<Hash> parent(Optional<PromptVersion> latest) {
                        return Optional.empty();
                    }
                }))
                .contains("chainsEachVersionToTheOneBefore");
    }

    @Test
    void noticesVersionsOfTheSameContent() {
        assertThat(failures(() -> new InMemoryPromptRegistry() {
                    @Override
                    boolean isSame(ChatPromptTemplate latest, ChatPromptTemplate template) {
                        return false;
                    }
                }))
                .contains(
                        "returnsTheLatestVersionForTheSameContent", "makesOneVersionWhenThreadsRegisterTheSameContent");
    }

    @Test
    void noticesALabelThatIsNotKept() {
        assertThat(failures(() -> new InMemoryPromptRegistry() {
                    @Override
                    public void label(String name, String label, int number) {}
                }))
                .containsExactly(
                        "keepsEverythingAcrossARestart",
                        "listsTheLabelsOfANameInOrder",
                        "movesALabelFromVersionToVersion",
                        "refusesALabelOnAVersionThatIsNotThere",
                        "refusesALabelThatIsNotOne");
    }

    @Test
    void noticesTagsThatAreNotKept() {
        assertThat(failures(() -> new InMemoryPromptRegistry() {
                    @Override
                    public PromptVersion register(
                            ChatPromptTemplate template, String author, String message, Set<String> tags) {
                        return super.register(template, author, message, Set.of());
                    }
                }))
                .containsExactly(
                        "keepsTagsInOrderAndMakesANewVersionWhenTheyChange",
                        "refusesATagThatIsNotOneAndKeepsNothingOfIt",
                        "searchesAllNamesInOrder");
    }

    @Test
    void noticesContentThatIsLostInARestart() {
        assertThat(Failures.of(PromptRegistryContract.class, () -> new PromptRegistryContract() {
                    @Override
                    protected PromptRegistry create() {
                        return new InMemoryPromptRegistry();
                    }

                    @Override
                    protected Optional<PromptRegistry> reopen() {
                        return Optional.of(new InMemoryPromptRegistry());
                    }
                }))
                .containsExactly("keepsEverythingAcrossARestart");
    }

    private static List<String> failures(Supplier<PromptRegistry> broken) {
        return Failures.of(PromptRegistryContract.class, () -> new PromptRegistryContract() {
            private PromptRegistry last = broken.get();

            @Override
            protected PromptRegistry create() {
                last = broken.get();
                return last;
            }

            @Override
            protected Optional<PromptRegistry> reopen() {
                return Optional.of(last);
            }
        });
    }
}
