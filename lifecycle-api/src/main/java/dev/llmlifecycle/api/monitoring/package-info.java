/** Interactions and feedback: what was asked, found, answered, spent and thought of it. */
@NullMarked
package dev.llmlifecycle.api.monitoring;

import org.jspecify.annotations.NullMarked;
