/** Rules of a business over its answers, and the scorecard that says whether they and its targets are kept. */
@NullMarked
package dev.llmlifecycle.core.validation.business;

import org.jspecify.annotations.NullMarked;
