/** How an application and the guardrails of LangChain4j ask validators. */
@NullMarked
package dev.llmlifecycle.core.validation.internal;

import org.jspecify.annotations.NullMarked;
