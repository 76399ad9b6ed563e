/** Monitoring at work: the log of interactions and feedback. */
@NullMarked
package dev.llmlifecycle.core.monitoring;

import org.jspecify.annotations.NullMarked;
