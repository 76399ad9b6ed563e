/** The walls of the house, as tests that each module runs on itself. */
@NullMarked
package dev.llmlifecycle.api.architecture;

import org.jspecify.annotations.NullMarked;
