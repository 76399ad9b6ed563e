/** The way of a question: one application, from release to answer. */
@NullMarked
package dev.llmlifecycle.core.app;

import org.jspecify.annotations.NullMarked;
