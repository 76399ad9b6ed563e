package dev.llmlifecycle.eval.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test method that runs once for each example of a dataset.
 *
 * <pre>{@code
 * @PromptTest(dataset = "refunds.jsonl", cassette = "refunds.cassette.json")
 * void answersFromThePages(Example example, LlmApp app) {
 *     assertThatAnswer(app.ask(example.input())).containsExpectedOf(example);
 * }
 *
 * @PromptTestApp
 * static LlmApp app(TestModels models) {
 *     return LlmApp.builder()
 *             .model(models.chatModel(Identity.of("gpt-4o-mini", "2024-07-18"), () -> openAi()))
 *             .build();
 * }
 * }</pre>
 *
 * <p>Its parameters may be the {@link dev.llmlifecycle.api.data.Example}, the
 * {@link dev.llmlifecycle.api.data.Dataset}, the {@link dev.llmlifecycle.core.app.LlmApp} that the class's
 * {@link PromptTestApp} gives, {@link TestModels}, the {@link Budget}, and whatever other extensions resolve. Each case
 * has models and an application of its own, so cases agree whatever their order, and may run in parallel.
 *
 * <p>What reaches a model is decided for all tests by the configuration parameter {@value #MODE}: {@code replay} (the
 * default: no request leaves), {@code auto} (records what is missing), {@code record} (records anew) or {@code live}
 * (records nothing). A test with the tag {@value #LIVE} is skipped where the mode is {@code replay} and asks the model
 * in all others; one with the tag {@value #REPLAYED} replays where the mode is {@code live}.
 *
 * @since 0.1
 */
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(PromptTestExtension.class)
public @interface PromptTest {

    /** The configuration parameter of the mode: {@code replay}, {@code auto}, {@code record} or {@code live}. */
    String MODE = "lifecycle.replay";

    /** The configuration parameter of the folder that reports are written to. Default: none is written. */
    String REPORTS = "lifecycle.reports";

    /** The configuration parameter of the folder of datasets and cassettes. Default: {@code src/test/resources}. */
    String RESOURCES = "lifecycle.resources";

    /** The tag of a test that needs the model itself. */
    String LIVE = "live";

    /** The tag of a test that is never asked of the model itself, but for recording. */
    String REPLAYED = "replayed";

    /**
     * The dataset, as JSON Lines: a file below the folder of {@value #RESOURCES}, or else a resource of the class path,
     * beside the test class or at the root.
     *
     * @return its name
     */
    String dataset();

    /**
     * The cassette: a file below the folder of {@value #RESOURCES}; where it is only replayed, a resource of the class
     * path too. Default: none, and then a model can only be asked live.
     *
     * @return its name
     */
    String cassette() default "";

    /**
     * Patterns of secrets beside those that {@link dev.llmlifecycle.eval.replay.Cassette} knows.
     *
     * @return regular expressions
     */
    String[] scrub() default {};
}
