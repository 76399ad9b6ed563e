/** Notices injections, jailbreaks, leaks of the prompt, hidden text, unsafe markup and abusive language. */
@NullMarked
package dev.llmlifecycle.core.validation.safety;

import org.jspecify.annotations.NullMarked;
