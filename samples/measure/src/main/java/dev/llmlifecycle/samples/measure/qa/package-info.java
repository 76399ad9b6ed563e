/** Questions over passages: is the right passage found, and does the answer hold the right words. */
@NullMarked
package dev.llmlifecycle.samples.measure.qa;

import org.jspecify.annotations.NullMarked;
