/** State that is answered from memory and read again in the background. */
@NullMarked
package dev.llmlifecycle.core.internal.refresh;

import org.jspecify.annotations.NullMarked;
