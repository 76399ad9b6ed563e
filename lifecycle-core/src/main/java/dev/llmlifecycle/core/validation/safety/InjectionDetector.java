package dev.llmlifecycle.core.validation.safety;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

import dev.llmlifecycle.api.classify.TextClassifier;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.text.TextSpan;
import dev.llmlifecycle.core.classify.ShippedClassifiers;

/**
 * Says how much a prompt looks like an attempt to talk a model out of its instructions, and how much a sentence of a
 * passage looks like an instruction to a model. Two questions with two classifiers: an ordinary request is harmless in
 * a prompt, and out of place in a retrieved e-mail.
 *
 * <p>Both look through disguises: hidden characters, letters that look alike, digits for letters, letters set apart,
 * and what is encoded as base64, hexadecimal numbers, URL or by ROT13; at most eight readings of the first 20,000
 * characters.
 *
 * <p>Thread-safe where the classifiers are; linear in the length of the text.
 *
 * @since 0.1
 */
public final class InjectionDetector {

    private static final String INJECTION = "injection";
    private static final String INSTRUCTION = "instruction";

    private final TextClassifier prompts;
    private final TextClassifier sentences;

    /**
     * Creates a detector of classifiers of your own.
     *
     * @param prompts a classifier of whole prompts with the label {@code injection}
     * @param sentences a classifier of sentences as {@link #features} returns them, with the label {@code instruction}
     */
    public InjectionDetector(TextClassifier prompts, TextClassifier sentences) {
        this.prompts = Objects.requireNonNull(prompts, "prompts");
        this.sentences = Objects.requireNonNull(sentences, "sentences");
    }

    /**
     * Reads the shipped classifiers. Keep what it returns.
     *
     * @return the detector
     */
    public static InjectionDetector shipped() {
        return new InjectionDetector(ShippedClassifiers.injection(), ShippedClassifiers.instruction());
    }

    /**
     * Judges a prompt.
     *
     * @param prompt any text
     * @return the probability, in [0, 1], of the reading that looks worst
     */
    public double promptScore(String prompt) {
        double score = prompts.predict(prompt).probability(INJECTION);
        for (String reading : Disguises.readings(prompt)) {
            score = Math.max(score, prompts.predict(reading).probability(INJECTION));
        }
        return score;
    }

    /**
     * Judges a passage, an e-mail, a page or what a tool returned.
     *
     * @param passage any text
     * @return the sentence that looks most like an instruction to a model; empty where there is no sentence
     */
    public Optional<Instruction> instruction(String passage) {
        return judged(passage)
                .max(Comparator.comparingDouble(Instruction::probability)
                        .thenComparing(each -> -each.span().start()));
    }

    /**
     * Finds the instructions in a passage.
     *
     * @param passage any text
     * @param above the probability that they exceed
     * @return the sentences that look like instructions to a model, in order
     */
    public List<Instruction> instructions(String passage, double above) {
        return judged(passage)
                .filter(each -> each.probability() > above)
                .sorted(Comparator.comparingInt(each -> each.span().start()))
                .toList();
    }

    private Stream<Instruction> judged(String passage) {
        TextSpan whole = new TextSpan(0, passage.length());
        Stream<Instruction> plain =
                Sentences.of(passage).stream().map(span -> new Instruction(span, score(span.of(passage))));
        Stream<Instruction> disguised = Disguises.readings(passage).stream()
                .flatMap(reading -> Sentences.of(reading).stream().map(span -> span.of(reading)))
                .filter(sentence -> !passage.contains(sentence))
                .map(sentence -> new Instruction(whole, score(sentence)));
        return Stream.concat(plain, disguised);
    }

    private double score(String sentence) {
        return sentences.predict(features(sentence)).probability(INSTRUCTION);
    }

    /**
     * Returns a sentence as the classifier of sentences reads it, to train one of your own.
     *
     * @param sentence a sentence
     * @return the sentence, with signs of who is spoken to before it
     */
    public static String features(String sentence) {
        return InstructionSigns.mark(sentence);
    }

    /**
     * Returns the parts of a passage that are judged one by one.
     *
     * @param passage any text
     * @return its sentences, lines and cells of eight characters or more
     */
    public static List<TextSpan> sentences(String passage) {
        return List.copyOf(Sentences.of(passage));
    }

    Identity promptsIdentity() {
        return prompts.identity();
    }

    Identity sentencesIdentity() {
        return sentences.identity();
    }

    /**
     * A sentence that may be an instruction to a model.
     *
     * @param span where it stands; the whole passage where it was disguised
     * @param probability that it is one, in [0, 1]
     */
    public record Instruction(TextSpan span, double probability) {}
}
