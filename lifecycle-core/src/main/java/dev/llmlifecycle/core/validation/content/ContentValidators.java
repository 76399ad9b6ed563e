package dev.llmlifecycle.core.validation.content;

import dev.llmlifecycle.api.validation.Validator;

/**
 * Checks of what an answer says and how it is written, by rules and without a model. Each judges answers only and lets
 * every other text pass; how often each is right stands in the documentation of content checks. A
 * {@link dev.llmlifecycle.core.validation.ValidationPolicy} may decide otherwise than what they propose.
 *
 * <p>What these methods return is thread-safe and takes time linear in the answer.
 *
 * @since 0.1
 */
public final class ContentValidators {

    private ContentValidators() {}

    /**
     * Checks citations such as {@code [1]}, sentence by sentence, and asks again: {@code unknown-citation} names no
     * passage (a warning where there are none), {@code unsupported-citation} names passages that share too few of the
     * sentence's content words, {@code unsupported-number} passages without a number of the sentence. Marks within code
     * are none.
     *
     * @return a validator named {@code citations}, with the scope of a sentence
     */
    public static Validator citations() {
        return new CitationValidator();
    }

    /**
     * Checks whether an answer answers its question, by words and the kind of the question.
     *
     * @return a validator named {@code relevance}, with the defaults of {@link RelevanceValidator#builder()}
     */
    public static Validator relevance() {
        return RelevanceValidator.builder().build();
    }

    /**
     * Notices English answers that decline what was asked, with the codes {@code refusal} and {@code partial-refusal}.
     * A refusal may be right, so it is a warning with the proposal to ask again, and decides nothing by itself.
     *
     * @return a validator named {@code refusals}
     */
    public static Validator refusals() {
        return new RefusalValidator();
    }

    /**
     * Checks that an answer is in the language of its question, and asks again with the code {@code other-language}.
     * Where the question does not tell, the language is that of the context's locale. Thirty-six languages are told
     * apart; near ones, such as Danish and Norwegian, count as one, and an answer of few letters passes.
     *
     * @return a validator named {@code language}
     */
    public static Validator language() {
        return new LanguageValidator();
    }

    /**
     * Notices a model that goes round in circles, and asks again: {@code repeated-characters}, {@code repeated-words}
     * for a piece of up to 48 words that follows itself four times or more, {@code repeated-lines} for a line that
     * comes five times, {@code repeated-phrases} where two fifths of all phrases of eight words came before.
     *
     * @return a validator named {@code repetition}
     */
    public static Validator repetition() {
        return new RepetitionValidator();
    }

    /**
     * Notices web and mail addresses and telephone numbers that nobody gave the model: that stand in no passage, nor in
     * the question or the prompt. Asks again, with the codes {@code unsupported-web-address},
     * {@code unsupported-mail-address} and {@code unsupported-telephone-number}; without passages it only warns.
     *
     * @return a validator named {@code contacts}, with the scope of a sentence
     */
    public static Validator contacts() {
        return new ContactValidator();
    }

    /**
     * Checks the code blocks of a Markdown answer. {@code unclosed-code-block} is repaired; {@code invalid-json} and
     * {@code invalid-xml} ask again; {@code unbalanced-code}, for brackets in code of twelve languages, is a warning.
     *
     * @return a validator named {@code code-blocks}
     */
    public static Validator codeBlocks() {
        return new CodeBlockValidator();
    }
}
