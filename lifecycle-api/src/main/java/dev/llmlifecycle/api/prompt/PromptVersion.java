package dev.llmlifecycle.api.prompt;

import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

import dev.llmlifecycle.api.identity.Hash;

/**
 * A numbered version of a prompt template: what it says, who wrote it, why, and what it follows.
 *
 * <p>Immutable.
 *
 * @param template the content
 * @param number counts the versions of this name from 1
 * @param parent the hash of the version before, absent for the first
 * @param author who wrote it, never blank
 * @param message what was changed and why, never blank
 * @param createdAt when it was registered
 * @param tags words to find it by, in their natural order: lower-case letters and digits, with single hyphens and dots
 *     between them, such as {@code support} or {@code v1.2}
 * @since 0.1
 */
public record PromptVersion(
        ChatPromptTemplate template,
        int number,
        Optional<Hash> parent,
        String author,
        String message,
        Instant createdAt,
        SortedSet<String> tags) {

    private static final Pattern TAG = Pattern.compile("[a-z0-9]+(?:[.-][a-z0-9]+)*");

    /** Checks the parts and copies the tags. */
    public PromptVersion {
        Objects.requireNonNull(template, "template");
        Objects.requireNonNull(parent, "parent");
        Objects.requireNonNull(createdAt, "createdAt");
        if (number < 1) {
            throw new IllegalArgumentException("the number of a version of prompt '" + template.name()
                    + "' must be at least 1 but was " + number + "; let the registry count");
        }
        if (Objects.requireNonNull(author, "author").isBlank()
                || Objects.requireNonNull(message, "message").isBlank()) {
            throw new IllegalArgumentException("version " + number + " of prompt '" + template.name()
                    + "' has a blank author or message; say who changed what");
        }
        tags = tags(tags);
    }

    /**
     * Creates a version without tags.
     *
     * @param template the content
     * @param number counts the versions of this name from 1
     * @param parent the hash of the version before, absent for the first
     * @param author who wrote it, never blank
     * @param message what was changed and why, never blank
     * @param createdAt when it was registered
     */
    public PromptVersion(
            ChatPromptTemplate template,
            int number,
            Optional<Hash> parent,
            String author,
            String message,
            Instant createdAt) {
        this(template, number, parent, author, message, createdAt, Collections.emptySortedSet());
    }

    /**
     * Checks tags and brings them into their order.
     *
     * @param tags the tags
     * @return an unmodifiable copy
     * @throws IllegalArgumentException when a text among them is not a tag
     */
    public static SortedSet<String> tags(Collection<String> tags) {
        SortedSet<String> sorted = new TreeSet<>(tags);
        for (String tag : sorted) {
            if (!TAG.matcher(tag).matches()) {
                throw new IllegalArgumentException("the prompt tag '" + tag
                        + "' is not allowed; use lower-case letters and digits with single hyphens and dots between"
                        + " them, such as 'support' or 'v1.2'");
            }
        }
        return Collections.unmodifiableSortedSet(sorted);
    }

    /**
     * Returns the prompt's name.
     *
     * @return the name of the template
     */
    public String name() {
        return template.name();
    }

    /**
     * Returns the hash over content, number, parent, author, message, time and tags.
     *
     * @return equal on every JVM for equal content
     */
    public Hash hash() {
        return Hash.ofCanonicalJson(toCanonical());
    }

    /**
     * Returns this version as a canonical value. Parent and tags do not stand in it when there are none.
     *
     * @return a map for {@link dev.llmlifecycle.api.identity.CanonicalJson}
     */
    public Map<String, Object> toCanonical() {
        Map<String, Object> canonical = new HashMap<>(Map.of(
                "type",
                "prompt-version",
                "template",
                template.toCanonical(),
                "number",
                number,
                "author",
                author,
                "message",
                message,
                "createdAt",
                createdAt.toString()));
        parent.ifPresent(hash -> canonical.put("parent", hash.hex()));
        if (!tags.isEmpty()) {
            canonical.put("tags", List.copyOf(tags));
        }
        return canonical;
    }

    /**
     * Returns what a release pins of this version.
     *
     * @return name, number and hash
     */
    public PinnedPrompt pin() {
        return new PinnedPrompt(name(), number, hash());
    }
}
