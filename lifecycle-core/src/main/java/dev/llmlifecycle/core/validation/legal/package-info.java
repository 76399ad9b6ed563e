/**
 * Validators of what the law or a contract asks of answers: quotation, attribution, consent, advice, names of others,
 * disclosure; and the records that show it.
 */
@NullMarked
package dev.llmlifecycle.core.validation.legal;

import org.jspecify.annotations.NullMarked;
