/** Adaptation at work: what the library hands over to those who fine-tune models. */
@NullMarked
package dev.llmlifecycle.core.adaptation;

import org.jspecify.annotations.NullMarked;
