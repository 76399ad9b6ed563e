/** Releases, the deployments that point at them and the journal of every move. */
@NullMarked
package dev.llmlifecycle.api.release;

import org.jspecify.annotations.NullMarked;
