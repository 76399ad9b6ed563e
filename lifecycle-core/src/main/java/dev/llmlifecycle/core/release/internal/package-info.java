/** How a deployment label leads to a release and its pinned prompts; closed to everyone else. */
@NullMarked
package dev.llmlifecycle.core.release.internal;

import org.jspecify.annotations.NullMarked;
