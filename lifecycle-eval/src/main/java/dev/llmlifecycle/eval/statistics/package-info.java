/** Statistics in full: intervals, paired tests, effect sizes, power, anytime-valid inference and calibration. */
@NullMarked
package dev.llmlifecycle.eval.statistics;

import org.jspecify.annotations.NullMarked;
