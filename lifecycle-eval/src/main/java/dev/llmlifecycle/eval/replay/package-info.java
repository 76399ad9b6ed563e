/** Records what models answer and replays it, so that tests run offline and agree. */
@NullMarked
package dev.llmlifecycle.eval.replay;

import org.jspecify.annotations.NullMarked;
