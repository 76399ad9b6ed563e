/** What every room of the library shares: the root of its exceptions and the marker of incubating API. */
@NullMarked
package dev.llmlifecycle.api;

import org.jspecify.annotations.NullMarked;
