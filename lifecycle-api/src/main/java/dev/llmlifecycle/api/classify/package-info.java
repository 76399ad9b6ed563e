/** What a classifier of texts says: labels with probabilities, how far off a text is, and why. */
@NullMarked
package dev.llmlifecycle.api.classify;

import org.jspecify.annotations.NullMarked;
