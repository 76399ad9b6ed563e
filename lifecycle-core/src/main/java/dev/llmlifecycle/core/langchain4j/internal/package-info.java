/** Decorators that forward all of a LangChain4j interface, its experimental methods too. */
@NullMarked
package dev.llmlifecycle.core.langchain4j.internal;

import org.jspecify.annotations.NullMarked;
