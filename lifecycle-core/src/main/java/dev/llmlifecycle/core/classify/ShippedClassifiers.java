package dev.llmlifecycle.core.classify;

import java.io.IOException;
import java.io.InputStream;

import dev.llmlifecycle.api.LifecycleException;

/**
 * The classifiers that come with the library: small, English, of words and letters alone, to start from until a host
 * has labels of its own.
 *
 * <p>They see what is like their training texts, and no more; {@code docs/classifier.md} says how often that is right,
 * and how often harmless texts raise an alarm. The sets that they were trained on are named in {@code NOTICE} and in
 * their {@linkplain TrainedTextClassifier#card cards}.
 *
 * <p>Each call reads the weights from the jar: keep what it returns.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class ShippedClassifiers {

    private ShippedClassifiers() {}

    /**
     * Returns a classifier of prompts that try to talk a model out of its instructions, as jailbreaks do.
     *
     * @return labels {@code benign} and {@code injection}
     */
    public static TrainedTextClassifier injection() {
        return read("injection.classifier");
    }

    /**
     * Returns a classifier of sentences in passages, e-mails and tables that tell a model what to do. It reads
     * sentences as {@code InjectionDetector.features} of {@code core.validation.safety} returns them.
     *
     * @return labels {@code content} and {@code instruction}
     */
    public static TrainedTextClassifier instruction() {
        return read("instruction.classifier");
    }

    /**
     * Returns a classifier of abusive language.
     *
     * @return labels {@code neutral}, {@code toxic/hate} and {@code toxic/offensive}; the probability of {@code toxic}
     *     is that of both
     */
    public static TrainedTextClassifier toxicity() {
        return read("toxicity.classifier");
    }

    /**
     * Returns a classifier of harmful texts and requests. A text may have several labels or none.
     *
     * @return labels {@code illegal-act} and {@code self-harm}
     */
    public static TrainedTextClassifier harm() {
        return read("harm.classifier");
    }

    private static TrainedTextClassifier read(String name) {
        try (InputStream in = ShippedClassifiers.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new LifecycleException(
                        "Reading the shipped " + name + " found nothing; keep the resources when jars are repackaged");
            }
            return TrainedTextClassifier.read(name, in.readAllBytes(), null);
        } catch (IOException e) {
            throw new LifecycleException("Reading the shipped " + name + " failed; check the jar", e);
        }
    }
}
