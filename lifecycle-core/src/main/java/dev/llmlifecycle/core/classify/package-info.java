/** A text classifier that a host trains on its own labels in seconds, and can trust the probabilities of. */
@NullMarked
package dev.llmlifecycle.core.classify;

import org.jspecify.annotations.NullMarked;
