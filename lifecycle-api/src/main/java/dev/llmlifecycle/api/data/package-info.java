/** Examples and datasets: hashed, versioned inputs with their expected outputs. */
@NullMarked
package dev.llmlifecycle.api.data;

import org.jspecify.annotations.NullMarked;
