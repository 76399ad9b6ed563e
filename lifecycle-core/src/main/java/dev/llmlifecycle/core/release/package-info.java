/** Releases and deployment labels at work: the stores that keep them and the door that moves a label on evidence. */
@NullMarked
package dev.llmlifecycle.core.release;

import org.jspecify.annotations.NullMarked;
