/** Validators of questions and answers, and the findings they report. */
@NullMarked
package dev.llmlifecycle.api.validation;

import org.jspecify.annotations.NullMarked;
