/** What a task is, what it is given and what it reports. */
@NullMarked
package dev.llmlifecycle.samples.measure.task;

import org.jspecify.annotations.NullMarked;
