/** A model endpoint on loopback for tests: it speaks a provider's protocol and says what the test tells it to. */
@NullMarked
package dev.llmlifecycle.core.testing;

import org.jspecify.annotations.NullMarked;
