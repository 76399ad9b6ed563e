/** Validators of what an answer says: whether the passages support it. */
@NullMarked
package dev.llmlifecycle.core.validation.content;

import org.jspecify.annotations.NullMarked;
