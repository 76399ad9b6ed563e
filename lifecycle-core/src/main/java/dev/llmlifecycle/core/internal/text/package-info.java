/** Words of a text, as validators and the extractive model compare them. */
@NullMarked
package dev.llmlifecycle.core.internal.text;

import org.jspecify.annotations.NullMarked;
