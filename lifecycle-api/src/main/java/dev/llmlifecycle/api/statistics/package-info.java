/** The small, dependency-free statistics kernel: intervals and exact paired tests. */
@NullMarked
package dev.llmlifecycle.api.statistics;

import org.jspecify.annotations.NullMarked;
