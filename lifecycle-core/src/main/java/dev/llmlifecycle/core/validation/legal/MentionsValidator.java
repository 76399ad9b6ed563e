package dev.llmlifecycle.core.validation.legal;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.Remedy;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;

/**
 * Notices names of competitors, and trademarks that are written otherwise than their owner wants.
 *
 * <p>Names and aliases are found as whole words, whatever their case and what stands between their words; of names that
 * begin at one word the longest. A competitor ({@value #COMPETITOR}) may be named where the question or, unless
 * switched off, a passage names it; else the model is asked again. A trademark is to be written as it is registered
 * ({@value #SPELLING}) and, where it has a symbol, with it at the first mention ({@value #SYMBOL}); both are put right
 * in place, but not inside of addresses and identifiers. A name that is also a common word is found as that word, too:
 * give such a name with {@link Builder#exactCase()}.
 *
 * <p>Thread-safe; linear in the length of its input.
 *
 * @since 0.1
 */
public final class MentionsValidator implements Validator {

    /** The code of a competitor that nobody asked about. */
    public static final String COMPETITOR = "competitor-mentioned";

    /** The code of a trademark that is written otherwise than registered. */
    public static final String SPELLING = "trademark-spelling";

    /** The code of a trademark whose first mention has no symbol. */
    public static final String SYMBOL = "trademark-symbol-missing";

    private static final String NAME = "mentions";
    private static final String VERSION = "1";

    private final Map<String, Name> names;
    private final PhraseTrie<Name> trie = new PhraseTrie<>();
    private final boolean passagesAllow;
    private final boolean exactCase;
    private final Identity identity;

    private MentionsValidator(Builder builder) {
        this.names = new TreeMap<>(builder.names);
        this.passagesAllow = builder.passagesAllow;
        this.exactCase = builder.exactCase;
        names.values().forEach(name -> trie.add(name.name(), name).add(name.aliases(), name));
        this.identity = Identity.of(
                NAME,
                VERSION,
                Map.of(
                        "names",
                        names.values().stream().map(Name::toCanonical).toList(),
                        "passagesAllow",
                        passagesAllow,
                        "exactCase",
                        exactCase));
    }

    static Builder builder() {
        return new Builder();
    }

    @Override
    public Identity identity() {
        return identity;
    }

    /** Returns {@link Validator.Scope#SENTENCE}, or the answer where the first mention of a trademark counts. */
    @Override
    public Scope scope() {
        return names.values().stream().anyMatch(name -> name.symbol().isPresent()) ? Scope.ANSWER : Scope.SENTENCE;
    }

    @Override
    public ValidationOutcome validate(String text, ValidationContext context) {
        WordSequence words = WordSequence.of(text);
        List<PhraseTrie.Match<Name>> mentions = mentions(words);
        if (mentions.isEmpty()) {
            return ValidationOutcome.pass();
        }
        Set<String> allowed = allowed(context);
        Set<String> mentioned = new HashSet<>();
        List<Finding> findings = new ArrayList<>();
        for (PhraseTrie.Match<Name> mention : mentions) {
            Name name = mention.value();
            if (!name.trademark()) {
                if (!allowed.contains(name.name())) {
                    findings.add(competitor(words, mention));
                }
            } else if (!isPartOfAddress(text, words, mention)) {
                trademark(text, words, mention, mentioned.add(name.name())).ifPresent(findings::add);
            }
        }
        return ValidationOutcome.following(text, findings);
    }

    private List<PhraseTrie.Match<Name>> mentions(WordSequence words) {
        List<PhraseTrie.Match<Name>> matches = trie.all(words);
        return exactCase
                ? matches.stream()
                        .filter(match -> match.value().isWrittenSo(words, match))
                        .toList()
                : matches;
    }

    private Set<String> allowed(ValidationContext context) {
        Set<String> allowed = new HashSet<>();
        List<String> texts = new ArrayList<>(List.of(context.question()));
        if (passagesAllow) {
            context.passages().stream().map(Passage::text).forEach(texts::add);
        }
        for (String text : texts) {
            trie.all(WordSequence.of(text))
                    .forEach(match -> allowed.add(match.value().name()));
        }
        return allowed;
    }

    private static Finding competitor(WordSequence words, PhraseTrie.Match<Name> mention) {
        String name = mention.value().name();
        return Finding.of(
                        NAME,
                        COMPETITOR,
                        Finding.Severity.ERROR,
                        "The answer names the competitor '" + name + "', which neither question nor passages do")
                .withSpan(words.span(mention.from(), mention.to()))
                .withEvidence(name)
                .withRemedy(new Remedy.AskAgain(
                        "Your answer names another company. Answer again without naming companies that the question"
                                + " does not name."));
    }

    private static Optional<Finding> trademark(
            String text, WordSequence words, PhraseTrie.Match<Name> mention, boolean first) {
        Name name = mention.value();
        int end = words.end(mention.to() - 1);
        String written = text.substring(words.start(mention.from()), end);
        String symbol = name.symbol().orElse("");
        boolean symbolMissing = first && !symbol.isEmpty() && !hasSymbol(text, end, symbol);
        String code = written.equals(name.name()) ? SYMBOL : SPELLING;
        if (code.equals(SYMBOL) && !symbolMissing) {
            return Optional.empty();
        }
        String right = name.name() + (symbolMissing ? symbol : "");
        return Optional.of(Finding.of(
                        NAME,
                        code,
                        Finding.Severity.ERROR,
                        "The trademark '" + name.name() + "' is to be written '" + right + "' here")
                .withSpan(words.span(mention.from(), mention.to()))
                .withEvidence(written)
                .withRemedy(new Remedy.Replace(right)));
    }

    /** Addresses and identifiers such as acme.example, @acme and acme-cli are written as they are. */
    private static boolean isPartOfAddress(String text, WordSequence words, PhraseTrie.Match<Name> mention) {
        int start = words.start(mention.from());
        int end = words.end(mention.to() - 1);
        boolean before = start > 0 && "@/._-=#".indexOf(text.charAt(start - 1)) >= 0;
        boolean after = end + 1 < text.length()
                && "@/._-=".indexOf(text.charAt(end)) >= 0
                && Character.isLetterOrDigit(text.charAt(end + 1));
        return before || after;
    }

    private static boolean hasSymbol(String text, int end, String symbol) {
        int at = end < text.length() && text.charAt(end) == ' ' ? end + 1 : end;
        return text.startsWith(symbol, at);
    }

    /** A name with its other forms. */
    private record Name(String name, List<String> aliases, boolean trademark, Optional<String> symbol) {

        boolean isWrittenSo(WordSequence words, PhraseTrie.Match<Name> match) {
            return isWrittenSo(name, words, match)
                    || aliases.stream().anyMatch(alias -> isWrittenSo(alias, words, match));
        }

        private static boolean isWrittenSo(String name, WordSequence words, PhraseTrie.Match<Name> match) {
            WordSequence own = WordSequence.of(name);
            if (own.size() != match.to() - match.from()) {
                return false;
            }
            for (int i = 0; i < own.size(); i++) {
                if (!own.written(i).equals(words.written(match.from() + i))) {
                    return false;
                }
            }
            return true;
        }

        Map<String, Object> toCanonical() {
            return Map.of("name", name, "aliases", aliases, "trademark", trademark, "symbol", symbol.orElse(""));
        }
    }

    /** Builds a {@link MentionsValidator}. Not thread-safe. */
    public static final class Builder {

        private final Map<String, Name> names = new TreeMap<>();
        private boolean passagesAllow = true;
        private boolean exactCase;

        private Builder() {}

        /**
         * Adds a competitor.
         *
         * @param name its name, with letters or digits, of at most 12 words
         * @param aliases other names of it
         * @return this builder
         */
        public Builder competitor(String name, String... aliases) {
            return add(new Name(name, List.of(aliases), false, Optional.empty()));
        }

        /**
         * Adds a trademark without a symbol: only its spelling counts.
         *
         * @param name as it is registered
         * @param aliases other spellings that are put right, beside those that differ in case
         * @return this builder
         */
        public Builder trademark(String name, String... aliases) {
            return add(new Name(name, List.of(aliases), true, Optional.empty()));
        }

        /**
         * Adds a trademark whose first mention has a symbol.
         *
         * @param name as it is registered
         * @param symbol such as {@code ®} or {@code ™}, never blank
         * @param aliases other spellings that are put right, beside those that differ in case
         * @return this builder
         */
        public Builder trademarkWithSymbol(String name, String symbol, String... aliases) {
            if (symbol.isBlank()) {
                throw new IllegalArgumentException(
                        "the symbol of the trademark '" + name + "' is blank; use trademark(...) without one");
            }
            return add(new Name(name, List.of(aliases), true, Optional.of(symbol.strip())));
        }

        private Builder add(Name name) {
            new PhraseTrie<Boolean>().add(name.name(), true).add(name.aliases(), true);
            if (names.putIfAbsent(name.name(), name) != null) {
                throw new IllegalArgumentException(
                        "the name '" + name.name() + "' stands among the mentions already; give each name once");
            }
            return this;
        }

        /**
         * Allows competitors in questions only. Default: one that a passage names may be named, too.
         *
         * @return this builder
         */
        public Builder onlyWhereAsked() {
            this.passagesAllow = false;
            return this;
        }

        /**
         * Finds names and aliases only as they are written here, for names that are common words. Spellings of
         * trademarks are then put right for aliases alone. Default: case does not count.
         *
         * @return this builder
         */
        public Builder exactCase() {
            this.exactCase = true;
            return this;
        }

        /**
         * Builds the validator.
         *
         * @return the validator
         * @throws IllegalStateException when there is no name
         */
        public MentionsValidator build() {
            if (names.isEmpty()) {
                throw new IllegalStateException(
                        "the mentions validator has no name to look for; add competitor(...) or trademark(...)");
            }
            return new MentionsValidator(this);
        }
    }
}
