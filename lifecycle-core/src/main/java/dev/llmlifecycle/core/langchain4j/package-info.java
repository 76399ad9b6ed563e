/** Prompts and validators of this library inside LangChain4j's {@code AiServices}. */
@NullMarked
package dev.llmlifecycle.core.langchain4j;

import org.jspecify.annotations.NullMarked;
