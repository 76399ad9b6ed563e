/** Benchmarks of the time that the library itself takes, without models and embeddings. */
@NullMarked
package dev.llmlifecycle.samples.benchmarks;

import org.jspecify.annotations.NullMarked;
