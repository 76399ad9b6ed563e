/** Retrievers of this library where LangChain4j wants a {@code ContentRetriever}. */
@NullMarked
package dev.llmlifecycle.retrieval.langchain4j;

import org.jspecify.annotations.NullMarked;
