/** Conversations: what was said, kept within bounds and erased on request, and follow-ups made to stand alone. */
@NullMarked
package dev.llmlifecycle.core.conversation;

import org.jspecify.annotations.NullMarked;
