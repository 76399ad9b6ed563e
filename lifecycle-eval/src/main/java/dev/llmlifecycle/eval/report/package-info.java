/** Pages for people about what an experiment found and what was done with it. */
@NullMarked
package dev.llmlifecycle.eval.report;

import org.jspecify.annotations.NullMarked;
