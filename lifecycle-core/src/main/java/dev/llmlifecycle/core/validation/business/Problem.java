package dev.llmlifecycle.core.validation.business;

import java.util.Optional;

import dev.llmlifecycle.api.text.TextSpan;

/**
 * A breach of a rule.
 *
 * @param span where it is, if it has a place
 * @param message what is wrong
 * @param evidence what that rests on
 * @param instruction what the model is told to do better
 */
record Problem(Optional<TextSpan> span, String message, Optional<String> evidence, String instruction) {}
