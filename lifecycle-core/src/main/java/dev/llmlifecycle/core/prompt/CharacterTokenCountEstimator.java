package dev.llmlifecycle.core.prompt;

import java.util.List;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.TokenCountEstimator;
import dev.llmlifecycle.api.identity.Identified;
import dev.llmlifecycle.api.identity.Identity;

/**
 * Estimates tokens from the kinds of the characters, for hosts that have no tokenizer of their model.
 *
 * <p>It means to be too high rather than too low: a prompt that leaves room does less harm than one that an endpoint
 * refuses. Compared with the tokens of gpt-4o (o200k_base) on texts that it was not fitted to, nine of ten estimates
 * lie within these bounds: English prose 15 to 50 % too high; German, Spanish and Chinese 0 to 45 %; program text 0 to
 * 40 %; JSON without white space 40 to 65 %; worked arithmetic from 5 % too low to 50 % too high. Of all, texts in 34
 * languages among them, 7 % were estimated too low, and 1 % by more than a tenth. Tokenizers of before 2024, such as
 * cl100k_base, spend up to twice as many tokens on other scripts than Latin; for them, and wherever the last third of a
 * model's window counts, take the tokenizer of the model, such as LangChain4j's {@code OpenAiTokenCountEstimator}.
 *
 * <p>Content other than text counts as {@value #OTHER_CONTENT} tokens, about an image.
 *
 * <p>Immutable.
 *
 * @since 0.1
 */
public final class CharacterTokenCountEstimator implements TokenCountEstimator, Identified {

    /** The frame of a message, and of the conversation. */
    private static final int MESSAGE = 4;

    private static final int CONVERSATION = 3;
    private static final int OTHER_CONTENT = 1_000;

    // Hundredths of a token: a least squares fit on half of the texts, rounded up.
    private static final int LETTER = 30;
    private static final int DIGIT = 120;
    private static final int PUNCTUATION = 50;
    private static final int ACCENTED = 100;
    private static final int IDEOGRAPH = 90;
    private static final int OTHER_LETTER = 50;
    private static final int SYMBOL = 150;

    private static final Identity IDENTITY = Identity.of("character-token-count", "1");

    /** Creates an estimator. */
    public CharacterTokenCountEstimator() {}

    @Override
    public int estimateTokenCountInText(String text) {
        long hundredths = 0;
        for (int i = 0; i < text.length(); ) {
            int character = text.codePointAt(i);
            hundredths += character < 128 ? ascii(character) : other(character);
            i += Character.charCount(character);
        }
        return saturated((hundredths + 99) / 100);
    }

    @Override
    public int estimateTokenCountInMessage(ChatMessage message) {
        return saturated(MESSAGE + textTokens(message));
    }

    @Override
    public int estimateTokenCountInMessages(Iterable<ChatMessage> messages) {
        long tokens = CONVERSATION;
        for (ChatMessage message : messages) {
            tokens += MESSAGE + textTokens(message);
        }
        return saturated(tokens);
    }

    @Override
    public Identity identity() {
        return IDENTITY;
    }

    private long textTokens(ChatMessage message) {
        if (message instanceof SystemMessage system) {
            return estimateTokenCountInText(system.text());
        }
        if (message instanceof UserMessage user) {
            return contentTokens(user.contents());
        }
        if (message instanceof AiMessage ai) {
            long calls = ai.toolExecutionRequests().stream()
                    .mapToLong(call -> estimateTokenCountInText(call.name() + call.arguments()))
                    .sum();
            return calls + (ai.text() == null ? 0 : estimateTokenCountInText(ai.text()));
        }
        if (message instanceof ToolExecutionResultMessage result) {
            return estimateTokenCountInText(result.text());
        }
        return estimateTokenCountInText(message.toString());
    }

    private long contentTokens(List<Content> contents) {
        return contents.stream()
                .mapToLong(content ->
                        content instanceof TextContent text ? estimateTokenCountInText(text.text()) : OTHER_CONTENT)
                .sum();
    }

    private static int ascii(int character) {
        if (character <= ' ') {
            return 0;
        }
        if (character >= '0' && character <= '9') {
            return DIGIT;
        }
        int lower = character | 0x20;
        return lower >= 'a' && lower <= 'z' ? LETTER : PUNCTUATION;
    }

    private static int other(int character) {
        return switch (Character.getType(character)) {
            case Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> 0;
            case Character.UPPERCASE_LETTER,
                    Character.LOWERCASE_LETTER,
                    Character.TITLECASE_LETTER,
                    Character.MODIFIER_LETTER,
                    Character.OTHER_LETTER,
                    Character.NON_SPACING_MARK,
                    Character.COMBINING_SPACING_MARK,
                    Character.ENCLOSING_MARK -> letter(Character.UnicodeScript.of(character));
            default -> SYMBOL;
        };
    }

    private static int letter(Character.UnicodeScript script) {
        return switch (script) {
            case LATIN -> ACCENTED;
            case HAN, HIRAGANA, KATAKANA, HANGUL, BOPOMOFO -> IDEOGRAPH;
            default -> OTHER_LETTER;
        };
    }

    private static int saturated(long tokens) {
        return (int) Math.min(Integer.MAX_VALUE, tokens);
    }
}
