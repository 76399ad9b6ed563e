/** What every implementation of an extension point must hold to, as abstract tests that implementers extend. */
@NullMarked
package dev.llmlifecycle.api.contract;

import org.jspecify.annotations.NullMarked;
