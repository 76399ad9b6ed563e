/** Chat prompt templates, their immutable versions and the registry that keeps them. */
@NullMarked
package dev.llmlifecycle.api.prompt;

import org.jspecify.annotations.NullMarked;
