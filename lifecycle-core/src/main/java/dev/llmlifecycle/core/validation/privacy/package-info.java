/** Finds personal data and secrets, masks them, or puts pseudonyms in their place and takes them back. */
@NullMarked
package dev.llmlifecycle.core.validation.privacy;

import org.jspecify.annotations.NullMarked;
