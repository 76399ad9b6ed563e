package dev.llmlifecycle.core.validation.content;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.llmlifecycle.core.internal.text.Words;

/**
 * Holds a sentence against the sentences of the passages that say nearly the same, and finds what differs: a number, a
 * unit, a name, a negation, or how many, how much or when. A difference counts only when none of those sentences
 * agrees.
 */
final class ClaimCheck {

    /**
     * The share of a sentence's other words that the passages' sentence must have, so that the two speak of one thing.
     */
    private static final double ONE_THING = 0.75;

    private static final int FEWEST_WORDS = 2;

    private ClaimCheck() {}

    static Optional<Difference> difference(Claim claim, Evidence evidence, Set<String> askedWords) {
        Set<String> words = new LinkedHashSet<>();
        Set<String> standing = new HashSet<>();
        for (int i = 0; i < claim.tokens().size(); i++) {
            Words.Token token = claim.tokens().get(i);
            boolean other = Claim.carries(token)
                    && Quantity.value(token).isEmpty()
                    && !isName(claim, i, evidence)
                    && !Claim.isBound(token);
            if (other && words.add(token.word())) {
                String known = evidence.known(token);
                if (known != null) {
                    standing.add(known);
                }
            }
        }
        if (words.size() < FEWEST_WORDS) {
            return Optional.empty();
        }
        List<Claim> closest = new ArrayList<>();
        for (Evidence.Match match : evidence.closest(standing, words.size(), ONE_THING)) {
            closest.add(Claim.of(evidence.sentence(match.sentence())));
        }
        if (closest.isEmpty()) {
            return Optional.empty();
        }
        Claim nearest = closest.get(0);
        return quantity(claim, closest, askedWords)
                .or(() -> name(claim, closest, evidence, askedWords))
                .or(() -> negation(claim, closest))
                .or(() -> bound(claim, closest))
                .map(what -> new Difference(what.code(), what.message(), nearest.text()));
    }

    private static Optional<What> quantity(Claim claim, List<Claim> closest, Set<String> askedWords) {
        for (Quantity own : claim.quantities()) {
            boolean agrees = askedWords.contains(own.value())
                    || closest.stream()
                            .anyMatch(other -> other.quantities().stream().anyMatch(own::agreesWith));
            if (!agrees) {
                Optional<Quantity> other = closest.stream()
                        .flatMap(sentence -> sentence.quantities().stream())
                        .filter(own::differsFrom)
                        .findFirst();
                if (other.isPresent()) {
                    String code = other.get().value().equals(own.value()) ? "contradicted-unit" : "contradicted-number";
                    return Optional.of(new What(code, "Says " + own + " where the passages say " + other.get()));
                }
            }
        }
        return Optional.empty();
    }

    /** A name that the nearest sentences do not have counts where they have another in its place. */
    private static Optional<What> name(Claim claim, List<Claim> closest, Evidence evidence, Set<String> askedWords) {
        for (int i = 0; i < claim.tokens().size(); i++) {
            Words.Token token = claim.tokens().get(i);
            int at = i;
            boolean candidate =
                    i == 0 ? startsWithCapital(claim) : claim.names().contains(i);
            boolean stranger = candidate
                    && token.content()
                    && !askedWords.contains(token.word())
                    && closest.stream().noneMatch(other -> has(other, token, evidence));
            if (stranger) {
                Optional<String> instead = closest.stream()
                        .flatMap(other -> replaced(claim, at, other, evidence.known(token) != null).stream())
                        .findFirst();
                if (instead.isPresent()) {
                    return Optional.of(new What(
                            "contradicted-name",
                            "Says '" + token.written() + "' where the passages say '" + instead.get() + "'"));
                }
            }
        }
        return Optional.empty();
    }

    /** The first word of a sentence has a capital anyway; it is taken for a name when the passages do not know it. */
    private static boolean isName(Claim claim, int index, Evidence evidence) {
        return index == 0
                ? startsWithCapital(claim) && evidence.known(claim.tokens().get(0)) == null
                : claim.names().contains(index);
    }

    private static boolean startsWithCapital(Claim claim) {
        return Character.isUpperCase(claim.text().charAt(claim.tokens().get(0).start()));
    }

    private static boolean has(Claim other, Words.Token token, Evidence evidence) {
        String known = evidence.known(token);
        return other.tokens().stream()
                .anyMatch(
                        word -> word.word().equals(token.word()) || word.word().equals(known));
    }

    /**
     * Returns the name of the other sentence that stands where a word of the claim does: by both its neighbours or one.
     */
    private static Optional<String> replaced(Claim claim, int at, Claim other, boolean both) {
        String before = at == 0 ? "" : claim.tokens().get(at - 1).word();
        String after =
                at + 1 < claim.tokens().size() ? claim.tokens().get(at + 1).word() : "";
        for (int i = 0; i < other.tokens().size(); i++) {
            Words.Token token = other.tokens().get(i);
            boolean name = i == 0 ? startsWithCapital(other) : other.names().contains(i);
            if (name && token.content()) {
                String left = i == 0 ? "" : other.tokens().get(i - 1).word();
                String right = i + 1 < other.tokens().size()
                        ? other.tokens().get(i + 1).word()
                        : "";
                boolean sameLeft = left.equals(before);
                boolean sameRight = right.equals(after);
                boolean wantsBoth = both || i == 0 || at == 0;
                if ((sameLeft && sameRight) || (!wantsBoth && (sameLeft || sameRight))) {
                    return Optional.of(token.written());
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<What> negation(Claim claim, List<Claim> closest) {
        if (claim.isConditional() || closest.stream().anyMatch(Claim::isConditional)) {
            return Optional.empty();
        }
        for (String word : claim.negated()) {
            boolean other = closest.stream().anyMatch(sentence -> sentence.says(word));
            if (other
                    && closest.stream().noneMatch(sentence -> sentence.negated().contains(word))) {
                return Optional.of(
                        new What("contradicted-negation", "Denies '" + word + "', which the passages do not"));
            }
        }
        Claim nearest = closest.get(0);
        for (String word : nearest.negated()) {
            boolean allDeny = closest.stream()
                    .filter(sentence -> sentence.says(word))
                    .allMatch(sentence -> sentence.negated().contains(word));
            if (allDeny && claim.says(word) && !claim.negated().contains(word)) {
                return Optional.of(new What("contradicted-negation", "Says '" + word + "', which the passages deny"));
            }
        }
        return Optional.empty();
    }

    private static Optional<What> bound(Claim claim, List<Claim> closest) {
        for (Claim.Bound own : claim.bounds()) {
            Optional<Claim.Bound> other = Optional.empty();
            boolean agrees = false;
            for (Claim sentence : closest) {
                for (Claim.Bound theirs : sentence.bounds()) {
                    if (theirs.axis().equals(own.axis()) && theirs.word().equals(own.word())) {
                        if (theirs.side().equals(own.side())) {
                            agrees = true;
                        } else if (other.isEmpty()) {
                            other = Optional.of(theirs);
                        }
                    }
                }
            }
            if (!agrees && other.isPresent()) {
                return Optional.of(new What(
                        "contradicted-quantifier",
                        "Says '" + own.side() + "' of '" + own.word() + "' where the passages say '"
                                + other.get().side() + "'"));
            }
        }
        return Optional.empty();
    }

    /**
     * What differs from the passages.
     *
     * @param code what kind of thing
     * @param message in words
     * @param evidence the sentence of the passages
     */
    record Difference(String code, String message, String evidence) {}

    private record What(String code, String message) {}
}
