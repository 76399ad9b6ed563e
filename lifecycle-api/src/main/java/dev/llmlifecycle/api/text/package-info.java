/** Spans and sentences of plain text. */
@NullMarked
package dev.llmlifecycle.api.text;

import org.jspecify.annotations.NullMarked;
