package dev.llmlifecycle.api.release;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.prompt.PinnedPrompt;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
final class ReleaseTest {

    private static final Identity MODEL = Identity.of("model", "1");
    private static final Identity PART = Identity.of("part", "1");
    private static final PinnedPrompt ANSWER = new PinnedPrompt("answer", 1, Hash.ofUtf8("answer 1"));
    private static final PinnedPrompt SUMMARY = new PinnedPrompt("summary", 1, Hash.ofUtf8("summary 1"));

    @Test
    void hasNothingButModelAndMainPromptUnlessToldOtherwise() {
        assertThat(builder().build())
                .isEqualTo(new Release(
                        Map.of("answer", ANSWER), "answer", MODEL, Map.of(), Optional.empty(), List.of(), List.of()));
    }

    @Test
    void listsPromptsAndPartsByName() {
        Release release = builder()
                .prompt(SUMMARY)
                .part("router", PART)
                .part("retriever", PART)
                .part("examples", PART)
                .build();

        assertThat(release.prompts().keySet()).containsExactly("answer", "summary");
        assertThat(release.parts().keySet()).containsExactly("examples", "retriever", "router");
    }

    @Test
    void hasAHashOverEverything() {
        assertThat(Stream.of(
                                builder(),
                                Release.builder(PART, ANSWER),
                                Release.builder(MODEL, SUMMARY),
                                Release.builder(MODEL, new PinnedPrompt("answer", 2, ANSWER.hash())),
                                Release.builder(MODEL, new PinnedPrompt("answer", 1, SUMMARY.hash())),
                                builder().prompt(SUMMARY),
                                Release.builder(MODEL, SUMMARY).prompt(ANSWER),
                                builder().part("retriever", PART),
                                builder().part("router", PART),
                                builder().corpusId("help"),
                                builder().inputValidator(PART),
                                builder().outputValidator(PART),
                                builder().outputValidator(PART).outputValidator(MODEL),
                                builder().outputValidator(MODEL).outputValidator(PART))
                        .map(builder -> builder.build().hash())
                        .distinct())
                .hasSize(14);
        assertThat(builder()
                        .prompt(SUMMARY)
                        .part("a", PART)
                        .part("b", MODEL)
                        .build()
                        .hash())
                .isEqualTo(builder()
                        .part("b", MODEL)
                        .part("a", PART)
                        .prompt(SUMMARY)
                        .build()
                        .hash());
    }

    @Test
    void refusesTwoVersionsOfAPromptAndTwoPartsInARole() {
        assertThat(builder()
                        .prompt(ANSWER)
                        .part("router", PART)
                        .part("router", PART)
                        .build()
                        .parts())
                .hasSize(1);
        PinnedPrompt second = new PinnedPrompt("answer", 2, Hash.ofUtf8("answer 2"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().prompt(second))
                .withMessage("a release pins one version of each prompt but got answer@1 and answer@2; choose one");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().part("router", PART).part("router", MODEL))
                .withMessage(
                        "a release has one part for each role but got part:1@44136fa355b3 and model:1@44136fa355b3 as"
                                + " router; choose one");
    }

    @Test
    void takesAnotherVersionOfOneOfItsPrompts() {
        PinnedPrompt second = new PinnedPrompt("answer", 2, Hash.ofUtf8("answer 2"));
        Release before =
                builder().prompt(SUMMARY).part("router", PART).corpusId("c").build();

        assertThat(before.withPrompt(second))
                .isEqualTo(Release.builder(MODEL, second)
                        .prompt(SUMMARY)
                        .part("router", PART)
                        .corpusId("c")
                        .build());
        Release alone = builder().build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> alone.withPrompt(SUMMARY))
                .withMessage("release " + alone.hash().shortForm()
                        + " pins the prompts [answer] and not 'summary'; build a release that pins it");
    }

    @Test
    void refusesPromptsThatDoNotFit() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> release(Map.of("summary", SUMMARY, "other", ANSWER), "answer"))
                .withMessage("the main prompt 'answer' is not among the pinned prompts [other, summary]; pin it");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> release(Map.of("summary", ANSWER), "summary"))
                .withMessage("prompt 'answer' is pinned under the name 'summary'; use its own name");
    }

    private static Release.Builder builder() {
        return Release.builder(MODEL, ANSWER);
    }

    private static Release release(Map<String, PinnedPrompt> prompts, String main) {
        return new Release(prompts, main, MODEL, Map.of(), Optional.empty(), List.of(), List.of());
    }
}
