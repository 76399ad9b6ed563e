/** Files, locks and JSON as the stores of this module use them; closed to everyone else. */
@NullMarked
package dev.llmlifecycle.core.internal;

import org.jspecify.annotations.NullMarked;
