/** The way of a question, from the release that answers it to the interaction that records it. */
@NullMarked
package dev.llmlifecycle.core.app;

import org.jspecify.annotations.NullMarked;
