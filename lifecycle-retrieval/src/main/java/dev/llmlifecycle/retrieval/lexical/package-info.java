/** Search by words: an index on Lucene, vectors and words kept in step, and PostgreSQL's full-text search. */
@NullMarked
package dev.llmlifecycle.retrieval.lexical;

import org.jspecify.annotations.NullMarked;
