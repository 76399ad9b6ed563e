/**
 * Policies that compose validators and decide what becomes of their findings, and validators of a host's own making.
 */
@NullMarked
package dev.llmlifecycle.core.validation;

import org.jspecify.annotations.NullMarked;
