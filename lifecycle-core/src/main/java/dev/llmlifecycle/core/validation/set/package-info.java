/** Validators that belong together, as policies that are ready to use. */
@NullMarked
package dev.llmlifecycle.core.validation.set;

import org.jspecify.annotations.NullMarked;
