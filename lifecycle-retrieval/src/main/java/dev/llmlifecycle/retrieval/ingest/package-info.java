/** Reading documents from a folder and splitting them into passages. */
@NullMarked
package dev.llmlifecycle.retrieval.ingest;

import org.jspecify.annotations.NullMarked;
