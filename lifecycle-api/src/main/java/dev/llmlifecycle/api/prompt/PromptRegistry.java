package dev.llmlifecycle.api.prompt;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Keeps the immutable versions of prompts and the labels of their authors.
 *
 * <p>Labels here ({@code draft}, {@code reviewed}) belong to authoring: moving one changes nothing that runs. What runs
 * is decided by a {@linkplain dev.llmlifecycle.api.release.ReleaseStore deployment} alone.
 *
 * <p>Implementations must be thread-safe, and may block.
 *
 * @since 0.1
 */
public interface PromptRegistry {

    /**
     * Registers a new version of a template.
     *
     * @param template the content
     * @param author who wrote it
     * @param message what was changed and why
     * @param tags words to find it by, see {@link PromptVersion#tags()}
     * @return the new version, or the latest one when its content and its tags are the same
     * @throws IllegalArgumentException when author or message is blank, a tag is not one, or a text has no canonical
     *     form
     */
    PromptVersion register(ChatPromptTemplate template, String author, String message, Set<String> tags);

    /**
     * Registers a new version of a template without tags.
     *
     * @param template the content
     * @param author who wrote it
     * @param message what was changed and why
     * @return the new version, or the latest one when its content is the same and it has no tags either
     * @throws IllegalArgumentException when author or message is blank, or a text has no canonical form
     */
    default PromptVersion register(ChatPromptTemplate template, String author, String message) {
        return register(template, author, message, Set.of());
    }

    /**
     * Finds one version.
     *
     * @param name the prompt's name
     * @param number the version's number
     * @return the version, if there is one
     * @throws dev.llmlifecycle.api.DamagedDataException when it is stored but cannot be trusted
     */
    Optional<PromptVersion> find(String name, int number);

    /**
     * Lists the versions of a prompt.
     *
     * @param name the prompt's name
     * @return the versions, oldest first; empty when the name is unknown
     */
    List<PromptVersion> history(String name);

    /**
     * Lists the names.
     *
     * @return the names in their natural order
     */
    List<String> names();

    /**
     * Puts a label on a version, taking it from the version that has it.
     *
     * @param name the prompt's name
     * @param label the label: lower-case letters, digits and hyphens
     * @param number the version's number
     * @throws IllegalArgumentException when there is no such version or the label is not one
     */
    void label(String name, String label, int number);

    /**
     * Finds the version that has a label.
     *
     * @param name the prompt's name
     * @param label the label
     * @return the version, if one has it
     */
    Optional<PromptVersion> labelled(String name, String label);

    /**
     * Lists the labels of a prompt.
     *
     * @param name the prompt's name
     * @return the number of the version that each label is on, in the natural order of the labels; empty when the name
     *     is unknown
     */
    Map<String, Integer> labels(String name);

    /**
     * Finds versions of all prompts.
     *
     * <p>The default walks through {@link #names()} and the {@link #history(String) history} of each.
     *
     * @param wanted tells which, such as {@code version -> version.tags().contains("support")}
     * @return the wanted versions by name, and oldest first for each name
     */
    default List<PromptVersion> search(Predicate<PromptVersion> wanted) {
        Objects.requireNonNull(wanted, "wanted");
        return names().stream()
                .flatMap(name -> history(name).stream())
                .filter(wanted)
                .toList();
    }
}
