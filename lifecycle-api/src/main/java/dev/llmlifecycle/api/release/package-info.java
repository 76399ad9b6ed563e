/** Releases, the deployments that point at them, and the audit journal of all that was done to them. */
@NullMarked
package dev.llmlifecycle.api.release;

import org.jspecify.annotations.NullMarked;
