/** The pages under {@code docs} as tests: what they show compiles and runs. */
@NullMarked
package dev.llmlifecycle.core.docs;

import org.jspecify.annotations.NullMarked;
