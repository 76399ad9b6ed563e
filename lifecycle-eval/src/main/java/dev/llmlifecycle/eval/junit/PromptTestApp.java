package dev.llmlifecycle.eval.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks what gives a test class its {@link dev.llmlifecycle.core.app.LlmApp}: a method, called for each case that asks
 * for one and whose application is closed after it, or a field, whose application all cases share and nobody closes.
 *
 * <p>The method may have the parameters of a {@link PromptTest}, but for the application. A class has one of these.
 *
 * @since 0.1
 */
@Documented
@Target({ElementType.METHOD, ElementType.FIELD})
@Retention(RetentionPolicy.RUNTIME)
public @interface PromptTestApp {}
