/** Vector indexes: what is near to a text, in process and on disk. */
@NullMarked
package dev.llmlifecycle.retrieval.vector;

import org.jspecify.annotations.NullMarked;
