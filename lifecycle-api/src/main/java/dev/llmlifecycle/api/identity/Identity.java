package dev.llmlifecycle.api.identity;

import java.util.Map;
import java.util.Objects;

/**
 * The name, version and configuration hash of a part that decides an answer: a model, retriever, validator or router.
 *
 * <p>Immutable. Two parts with equal identities are expected to behave alike, so whatever changes behaviour belongs
 * into the configuration. Keep secrets out of it.
 *
 * @param name the part's name, unique among parts of its role in one application, never blank
 * @param version the version of its behaviour, never blank
 * @param configurationHash the hash of its configuration
 * @since 0.1
 */
public record Identity(String name, String version, Hash configurationHash) {

    /** Checks that nothing is blank. */
    public Identity {
        requireText(name, "name");
        requireText(version, "version");
        Objects.requireNonNull(configurationHash, "configurationHash");
    }

    /**
     * Creates an identity from a configuration.
     *
     * @param name the part's name
     * @param version the version of its behaviour
     * @param configuration what changes its behaviour, as {@link CanonicalJson#write} accepts it
     * @return the identity
     */
    public static Identity of(String name, String version, Map<String, ?> configuration) {
        return new Identity(name, version, Hash.ofCanonicalJson(configuration));
    }

    /**
     * Creates an identity of a part that has nothing to configure.
     *
     * @param name the part's name
     * @param version the version of its behaviour
     * @return the identity
     */
    public static Identity of(String name, String version) {
        return of(name, version, Map.of());
    }

    /**
     * Returns this identity as a canonical value.
     *
     * @return a map for {@link CanonicalJson}
     */
    public Map<String, Object> toCanonical() {
        return Map.of("name", name, "version", version, "configurationHash", configurationHash.hex());
    }

    /** Returns {@code name:version@hash} with the hash shortened. */
    @Override
    public String toString() {
        return name + ":" + version + "@" + configurationHash.shortForm();
    }

    private static void requireText(String value, String what) {
        if (Objects.requireNonNull(value, what).isBlank()) {
            throw new IllegalArgumentException("the " + what + " of an identity is blank; give it a " + what);
        }
    }
}
