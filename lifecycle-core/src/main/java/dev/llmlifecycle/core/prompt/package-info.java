/** Prompts at work: rendering templates to messages, and registries that keep their versions. */
@NullMarked
package dev.llmlifecycle.core.prompt;

import org.jspecify.annotations.NullMarked;
