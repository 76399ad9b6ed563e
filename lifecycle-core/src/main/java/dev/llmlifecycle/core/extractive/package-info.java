/** A chat model without a language model: it answers with the sentences of the passages that fit the question best. */
@NullMarked
package dev.llmlifecycle.core.extractive;

import org.jspecify.annotations.NullMarked;
