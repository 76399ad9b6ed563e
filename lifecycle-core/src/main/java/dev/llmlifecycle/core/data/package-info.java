/** Data at work: reading and writing datasets, and new test cases from feedback. */
@NullMarked
package dev.llmlifecycle.core.data;

import org.jspecify.annotations.NullMarked;
