/** Business rules: amounts beside names. */
@NullMarked
package dev.llmlifecycle.samples.measure.business;

import org.jspecify.annotations.NullMarked;
