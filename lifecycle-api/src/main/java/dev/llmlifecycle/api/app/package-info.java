/** A question, its answer, and the collaborators that an application asks on the way. */
@NullMarked
package dev.llmlifecycle.api.app;

import org.jspecify.annotations.NullMarked;
