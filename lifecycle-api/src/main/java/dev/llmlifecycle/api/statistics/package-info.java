/** The small, dependency-free statistics kernel: intervals and the paired tests that verdicts rest on. */
@NullMarked
package dev.llmlifecycle.api.statistics;

import org.jspecify.annotations.NullMarked;
