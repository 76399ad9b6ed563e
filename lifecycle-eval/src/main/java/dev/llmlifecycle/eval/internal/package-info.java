/** What several packages of this module share; not for hosts. */
@NullMarked
package dev.llmlifecycle.eval.internal;

import org.jspecify.annotations.NullMarked;
