package dev.llmlifecycle.eval.metric;

import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Brings short answers into the form in which question answering compares them: lower case, without punctuation,
 * without the articles a, an and the, and with single spaces.
 *
 * <p>This is {@code normalize_answer} of the evaluation script of SQuAD (P. Rajpurkar, J. Zhang, K. Lopyrev and P.
 * Liang, "SQuAD: 100,000+ Questions for Machine Comprehension of Text", EMNLP 2016), in the same order of steps. The
 * script removes the 32 ASCII punctuation characters; here all characters of the Unicode categories punctuation (P) and
 * symbol (S) go, which for ASCII are the same 32. Texts are brought to Unicode normal form C first, and white space is
 * what Unicode says it is. As in the script, punctuation leaves no gap: {@code well-known} becomes {@code wellknown},
 * {@code 1,000} becomes {@code 1000}.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class AnswerNormalizer {

    private static final Pattern PUNCTUATION = Pattern.compile("[\\p{P}\\p{S}]");
    private static final Pattern ARTICLES = Pattern.compile("\\b(a|an|the)\\b", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern WHITE_SPACE = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);

    private AnswerNormalizer() {}

    /**
     * Normalises a text.
     *
     * @param text the text
     * @return its normal form, empty where nothing remains
     */
    public static String normalize(String text) {
        String lower = Normalizer.normalize(text, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
        String words = PUNCTUATION.matcher(lower).replaceAll("");
        String bare = ARTICLES.matcher(words).replaceAll(" ");
        return WHITE_SPACE.matcher(bare).replaceAll(" ").strip();
    }

    /**
     * Returns the words of a normalised text.
     *
     * @param text the text as it is
     * @return its tokens in order, possibly none
     */
    public static List<String> tokens(String text) {
        String normal = normalize(text);
        return normal.isEmpty() ? List.of() : List.of(normal.split(" "));
    }
}
