/** What is measured about validators of legal rules. */
@NullMarked
package dev.llmlifecycle.samples.measure.legal;

import org.jspecify.annotations.NullMarked;
