package dev.llmlifecycle.core.examples;

import java.util.Optional;

import dev.llmlifecycle.api.data.Example;

/**
 * An example with what is computed of it once.
 *
 * @param example the example
 * @param tokens of its two messages
 * @param terms words or n-grams for a rule that compares them, or none
 * @param normal the normalised text for the firewall, or empty
 * @param shingles runs of five characters for the firewall, or none
 * @param leak why the firewall refuses it because of the evaluation set, if it does
 */
record PoolRow(Example example, int tokens, Terms terms, String normal, Terms shingles, Optional<Leak> leak) {}
