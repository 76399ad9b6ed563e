/** How well chunks fit what a question asks for. */
@NullMarked
package dev.llmlifecycle.samples.measure.chunking;

import org.jspecify.annotations.NullMarked;
