/** One program for every figure on data that the project quotes. */
@NullMarked
package dev.llmlifecycle.samples.measure;

import org.jspecify.annotations.NullMarked;
