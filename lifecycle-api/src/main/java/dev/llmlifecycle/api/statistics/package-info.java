/** The small, dependency-free statistics kernel: intervals, the paired tests that verdicts rest on, and calibration. */
@NullMarked
package dev.llmlifecycle.api.statistics;

import org.jspecify.annotations.NullMarked;
