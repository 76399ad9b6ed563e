package dev.llmlifecycle.retrieval.cache;

import dev.llmlifecycle.api.Incubating;

/**
 * What tells two questions apart however near their vectors are; a semantic cache takes no answer across it.
 *
 * <p>Numbers, identifiers and capitalised names are told in any script; number words, units, dates, question words and
 * opposites in English only, negation also in German, French, Spanish and Chinese.
 *
 * @since 0.1
 */
@Incubating
public enum QuestionGuard {
    /** Other numbers, or numbers of other units. */
    QUANTITY,
    /** Other months, days of the week, years, or words such as tomorrow. */
    DATE,
    /** One says no, the other does not. */
    NEGATION,
    /** A name or identifier that the other does not have. */
    NAME,
    /** One has a word, the other its opposite: before and after, cheapest and dearest. */
    OPPOSITE,
    /** One asks for something else: who, where, when, why, how many. */
    ASKED
}
