/** How a deployment label leads to a release, and the text of releases and journal entries; closed to everyone else. */
@NullMarked
package dev.llmlifecycle.core.release.internal;

import org.jspecify.annotations.NullMarked;
