/** The semantic cache on rewordings, on questions that only look alike, and on a stream of questions. */
@NullMarked
package dev.llmlifecycle.samples.measure.cache;

import org.jspecify.annotations.NullMarked;
