/** Models that go on answering when an endpoint fails: timeouts, retries, circuit breakers and fallbacks. */
@NullMarked
package dev.llmlifecycle.core.resilience;

import org.jspecify.annotations.NullMarked;
