/** Reads the folders of data sets: rows of JSON Lines or of tables with a header, whatever the files are called. */
@NullMarked
package dev.llmlifecycle.samples.measure.data;

import org.jspecify.annotations.NullMarked;
