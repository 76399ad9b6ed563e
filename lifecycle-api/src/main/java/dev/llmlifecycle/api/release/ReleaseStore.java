package dev.llmlifecycle.api.release;

import java.util.List;
import java.util.Optional;

import dev.llmlifecycle.api.identity.Hash;

/**
 * Keeps releases, the journal of deployment moves, and with it where each label points.
 *
 * <p>A store keeps; it does not judge. Whether a move is allowed is decided before it gets here. Implementations must
 * be thread-safe, may block, and must not lose what they acknowledged.
 *
 * @since 0.1
 */
public interface ReleaseStore {

    /**
     * Saves a release; saving it again changes nothing.
     *
     * @param release the release
     */
    void save(Release release);

    /**
     * Finds a release.
     *
     * @param hash its hash
     * @return the release, if it was saved
     * @throws dev.llmlifecycle.api.DamagedDataException when it is stored but does not fit its hash
     */
    Optional<Release> find(Hash hash);

    /**
     * Finds where a label points.
     *
     * @param label the label
     * @return the deployment, if the label was ever moved
     */
    Optional<Deployment> deployment(String label);

    /**
     * Lists all moves.
     *
     * @return the journal, oldest first
     * @throws dev.llmlifecycle.api.DamagedDataException when an entry does not fit the one before; the message names it
     */
    List<DeploymentMove> journal();

    /**
     * Appends a move and makes its label point there, both or neither.
     *
     * @param move the move; its revision must be the next one and its chain hash that of the last move
     * @return false when it is not the next one, as when another move came first; the caller reads again and decides
     *     anew
     * @throws IllegalArgumentException when the release was never saved
     */
    boolean append(DeploymentMove move);
}
