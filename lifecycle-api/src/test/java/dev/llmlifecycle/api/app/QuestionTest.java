package dev.llmlifecycle.api.app;

import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import dev.langchain4j.store.embedding.filter.Filter;
import dev.llmlifecycle.api.identity.Hash;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static dev.langchain4j.store.embedding.filter.MetadataFilterBuilder.metadataKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

@NullMarked
final class QuestionTest {

    @Test
    void isEnglishTextAndNothingElseUnlessToldOtherwise() {
        assertThat(Question.of("Why?"))
                .isEqualTo(new Question(
                        "Why?",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Locale.ENGLISH,
                        Optional.empty(),
                        Optional.empty(),
                        Map.of()));
    }

    @Test
    void keepsAllItIsTold() {
        Filter filter = metadataKey("language").isEqualTo("de");
        Question question = Question.builder("Warum?")
                .conversationId("c1")
                .user("ada")
                .tenant("acme")
                .locale(Locale.GERMAN)
                .filter(filter)
                .deadline(Instant.EPOCH)
                .attribute("b", "2")
                .attribute("a", "1")
                .build();

        assertThat(question.text()).isEqualTo("Warum?");
        assertThat(question.conversationId()).contains("c1");
        assertThat(question.user()).contains("ada");
        assertThat(question.tenant()).contains("acme");
        assertThat(question.locale()).isEqualTo(Locale.GERMAN);
        assertThat(question.filter()).contains(filter);
        assertThat(question.deadline()).contains(Instant.EPOCH);
        assertThat(question.attributes()).containsExactly(Map.entry("a", "1"), Map.entry("b", "2"));
    }

    @Test
    void refusesBlankTexts() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Question.of(" "))
                .withMessage("the question is blank; ask something");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Question.builder("Why?").conversationId("").build())
                .withMessage("the conversationId of a question is blank; leave it out or fill it in");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Question.builder("Why?").user(" ").build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Question.builder("Why?").tenant(" ").build());
    }

    @Test
    @SuppressWarnings("NullAway")
    void routesEventsAndKeysMissNothing() {
        assertThatNullPointerException()
                .isThrownBy(() -> new Route.ToPrompt(null))
                .withMessage("prompt");
        assertThatNullPointerException()
                .isThrownBy(() -> new Route.Canned(null))
                .withMessage("text");
        assertThatNullPointerException()
                .isThrownBy(() -> new Route.HandOver("team", null))
                .withMessage("text");
        assertThatNullPointerException()
                .isThrownBy(() -> new Route.OutOfScope(null))
                .withMessage("text");
        assertThatNullPointerException()
                .isThrownBy(() -> new AnswerEvent.Text(null))
                .withMessage("text");
        assertThatNullPointerException()
                .isThrownBy(() -> new AnswerEvent.Cited(null))
                .withMessage("citation");
        assertThatNullPointerException()
                .isThrownBy(() -> new AnswerEvent.Found(null))
                .withMessage("finding");
        assertThatNullPointerException()
                .isThrownBy(() -> new AnswerEvent.Retracted(null))
                .withMessage("reason");
        assertThatNullPointerException()
                .isThrownBy(() -> new AnswerEvent.Completed(null))
                .withMessage("answer");
        Hash hash = Hash.ofUtf8("");
        assertThatNullPointerException()
                .isThrownBy(() -> new AnswerCache.Key("Why?", hash, "answer", hash, null))
                .withMessage("tenant");
        assertThat(new Route.Main()).isEqualTo(new Route.Main());
    }
}
