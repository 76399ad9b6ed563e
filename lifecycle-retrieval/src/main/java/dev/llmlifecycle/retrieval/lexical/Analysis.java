package dev.llmlifecycle.retrieval.lexical;

import java.io.IOException;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import dev.langchain4j.data.segment.TextSegment;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.AnalyzerWrapper;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.TokenFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.ar.ArabicAnalyzer;
import org.apache.lucene.analysis.bg.BulgarianAnalyzer;
import org.apache.lucene.analysis.bn.BengaliAnalyzer;
import org.apache.lucene.analysis.ca.CatalanAnalyzer;
import org.apache.lucene.analysis.cjk.CJKAnalyzer;
import org.apache.lucene.analysis.cjk.CJKBigramFilter;
import org.apache.lucene.analysis.cjk.CJKWidthFilter;
import org.apache.lucene.analysis.ckb.SoraniAnalyzer;
import org.apache.lucene.analysis.cz.CzechAnalyzer;
import org.apache.lucene.analysis.da.DanishAnalyzer;
import org.apache.lucene.analysis.de.GermanAnalyzer;
import org.apache.lucene.analysis.el.GreekAnalyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.es.SpanishAnalyzer;
import org.apache.lucene.analysis.et.EstonianAnalyzer;
import org.apache.lucene.analysis.eu.BasqueAnalyzer;
import org.apache.lucene.analysis.fa.PersianAnalyzer;
import org.apache.lucene.analysis.fi.FinnishAnalyzer;
import org.apache.lucene.analysis.fr.FrenchAnalyzer;
import org.apache.lucene.analysis.ga.IrishAnalyzer;
import org.apache.lucene.analysis.gl.GalicianAnalyzer;
import org.apache.lucene.analysis.hi.HindiAnalyzer;
import org.apache.lucene.analysis.hu.HungarianAnalyzer;
import org.apache.lucene.analysis.hy.ArmenianAnalyzer;
import org.apache.lucene.analysis.id.IndonesianAnalyzer;
import org.apache.lucene.analysis.it.ItalianAnalyzer;
import org.apache.lucene.analysis.lt.LithuanianAnalyzer;
import org.apache.lucene.analysis.lv.LatvianAnalyzer;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.miscellaneous.ConditionalTokenFilter;
import org.apache.lucene.analysis.miscellaneous.LengthFilter;
import org.apache.lucene.analysis.ne.NepaliAnalyzer;
import org.apache.lucene.analysis.ngram.NGramTokenFilter;
import org.apache.lucene.analysis.nl.DutchAnalyzer;
import org.apache.lucene.analysis.no.NorwegianAnalyzer;
import org.apache.lucene.analysis.pt.PortugueseAnalyzer;
import org.apache.lucene.analysis.ro.RomanianAnalyzer;
import org.apache.lucene.analysis.ru.RussianAnalyzer;
import org.apache.lucene.analysis.sr.SerbianAnalyzer;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.sv.SwedishAnalyzer;
import org.apache.lucene.analysis.ta.TamilAnalyzer;
import org.apache.lucene.analysis.te.TeluguAnalyzer;
import org.apache.lucene.analysis.th.ThaiAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.TypeAttribute;
import org.apache.lucene.analysis.tr.TurkishAnalyzer;

/**
 * Makes terms of text: one field and analyzer for each language, and one for any script.
 *
 * <p>Thread-safe.
 */
final class Analysis {

    /** The field of texts of no language in particular; a language's field is this, a dot and the language. */
    static final String FIELD = "text";

    /** Lucene refuses terms that are much longer; nobody asks for one. */
    private static final int LONGEST_TERM = 255;

    /** Lucene's analyzers by ISO 639 code. */
    private static final Map<String, Supplier<Analyzer>> ANALYZERS = Map.ofEntries(
            Map.entry("ar", ArabicAnalyzer::new),
            Map.entry("bg", BulgarianAnalyzer::new),
            Map.entry("bn", BengaliAnalyzer::new),
            Map.entry("ca", CatalanAnalyzer::new),
            Map.entry("ckb", SoraniAnalyzer::new),
            Map.entry("cs", CzechAnalyzer::new),
            Map.entry("da", DanishAnalyzer::new),
            Map.entry("de", GermanAnalyzer::new),
            Map.entry("el", GreekAnalyzer::new),
            Map.entry("en", EnglishAnalyzer::new),
            Map.entry("es", SpanishAnalyzer::new),
            Map.entry("et", EstonianAnalyzer::new),
            Map.entry("eu", BasqueAnalyzer::new),
            Map.entry("fa", PersianAnalyzer::new),
            Map.entry("fi", FinnishAnalyzer::new),
            Map.entry("fr", FrenchAnalyzer::new),
            Map.entry("ga", IrishAnalyzer::new),
            Map.entry("gl", GalicianAnalyzer::new),
            Map.entry("hi", HindiAnalyzer::new),
            Map.entry("hu", HungarianAnalyzer::new),
            Map.entry("hy", ArmenianAnalyzer::new),
            Map.entry("id", IndonesianAnalyzer::new),
            Map.entry("it", ItalianAnalyzer::new),
            Map.entry("ja", CJKAnalyzer::new),
            Map.entry("ko", CJKAnalyzer::new),
            Map.entry("lt", LithuanianAnalyzer::new),
            Map.entry("lv", LatvianAnalyzer::new),
            Map.entry("nb", NorwegianAnalyzer::new),
            Map.entry("ne", NepaliAnalyzer::new),
            Map.entry("nl", DutchAnalyzer::new),
            Map.entry("nn", NorwegianAnalyzer::new),
            Map.entry("no", NorwegianAnalyzer::new),
            Map.entry("pt", PortugueseAnalyzer::new),
            Map.entry("ro", RomanianAnalyzer::new),
            Map.entry("ru", RussianAnalyzer::new),
            Map.entry("sr", SerbianAnalyzer::new),
            Map.entry("sv", SwedishAnalyzer::new),
            Map.entry("ta", TamilAnalyzer::new),
            Map.entry("te", TeluguAnalyzer::new),
            Map.entry("th", ThaiAnalyzer::new),
            Map.entry("tr", TurkishAnalyzer::new),
            Map.entry("zh", CJKAnalyzer::new));

    private final Optional<String> language;
    private final Optional<String> languageKey;
    private final ByField analyzer = new ByField();

    /**
     * Chooses how texts are analysed.
     *
     * @param language the {@link #code} of texts that do not name a language; nothing for any script
     * @param languageKey the metadata that names the language of a text
     */
    Analysis(Optional<String> language, Optional<String> languageKey) {
        this.language = language;
        this.languageKey = languageKey;
    }

    /** Returns the code of a language that has an analyzer. */
    static String code(Locale language) {
        return supported(language)
                .orElseThrow(() -> new IllegalArgumentException("there is no analyzer for the language '"
                        + language.toLanguageTag() + "'; leave it out for the one of any script, or use one of "
                        + new TreeSet<>(ANALYZERS.keySet())));
    }

    private static Optional<String> supported(Locale locale) {
        return Optional.of(locale.getLanguage()).filter(ANALYZERS::containsKey);
    }

    /** Returns the field that holds the terms of a text. */
    String field(TextSegment segment) {
        return languageKey
                .flatMap(key -> Optional.ofNullable(segment.metadata().toMap().get(key)))
                .flatMap(tag -> supported(Locale.forLanguageTag(tag.toString().replace('_', '-'))))
                .or(() -> language)
                .map(code -> FIELD + "." + code)
                .orElse(FIELD);
    }

    static boolean isField(String name) {
        return name.equals(FIELD) || name.startsWith(FIELD + ".");
    }

    /** Returns the language of a field, or an empty string. */
    static String language(String field) {
        return field.equals(FIELD) ? "" : field.substring(FIELD.length() + 1);
    }

    Analyzer analyzer() {
        return analyzer;
    }

    /** Returns a text as analyzers know it: letters and their accents in one character, where there is one. */
    static String composed(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFC);
    }

    /** Describes what decides which terms are in an index; it has to be the same when the index is opened again. */
    String description() {
        return "language " + language.orElse("any")
                + languageKey.map(key -> ", or as '" + key + "' says").orElse("");
    }

    private static final class ByField extends AnalyzerWrapper {

        private final Map<String, Analyzer> made = new ConcurrentHashMap<>();

        ByField() {
            super(PER_FIELD_REUSE_STRATEGY);
        }

        @Override
        protected Analyzer getWrappedAnalyzer(String fieldName) {
            return made.computeIfAbsent(
                    language(fieldName),
                    code -> ANALYZERS.getOrDefault(code, AnyScript::new).get());
        }

        @Override
        protected TokenStreamComponents wrapComponents(String fieldName, TokenStreamComponents components) {
            return new TokenStreamComponents(
                    components.getSource(), new LengthFilter(components.getTokenStream(), 1, LONGEST_TERM));
        }
    }

    /**
     * Words by Unicode's rules (UAX #29), in lower case and without accents; pairs of characters where a script puts no
     * spaces between words.
     */
    private static final class AnyScript extends Analyzer {

        @Override
        protected TokenStreamComponents createComponents(String fieldName) {
            Tokenizer words = new StandardTokenizer();
            TokenStream stream = new CJKWidthFilter(words);
            stream = new LowerCaseFilter(stream);
            stream = new CJKBigramFilter(stream);
            stream = new SoutheastAsianPairs(stream);
            return new TokenStreamComponents(words, new ASCIIFoldingFilter(new Unaccented(stream)));
        }
    }

    /** Takes the accents of Greek, Cyrillic and Latin letters away; signs that other scripts need stay. */
    private static final class Unaccented extends TokenFilter {

        private static final int ASCII = 128;
        private static final char FIRST_ACCENT = '\u0300';
        private static final char LAST_ACCENT = '\u036F';

        private final CharTermAttribute term = addAttribute(CharTermAttribute.class);

        Unaccented(TokenStream input) {
            super(input);
        }

        @Override
        public boolean incrementToken() throws IOException {
            if (!input.incrementToken()) {
                return false;
            }
            if (!term.toString().chars().allMatch(c -> c < ASCII)) {
                StringBuilder kept = new StringBuilder();
                Normalizer.normalize(term, Normalizer.Form.NFD)
                        .chars()
                        .filter(c -> c < FIRST_ACCENT || c > LAST_ACCENT)
                        .forEach(c -> kept.append((char) c));
                term.setEmpty().append(Normalizer.normalize(kept, Normalizer.Form.NFC));
            }
            return true;
        }
    }

    /** Thai, Lao, Khmer and Burmese come as whole runs of characters. */
    private static final class SoutheastAsianPairs extends ConditionalTokenFilter {

        private static final String TYPE = StandardTokenizer.TOKEN_TYPES[StandardTokenizer.SOUTHEAST_ASIAN];

        private final TypeAttribute type = addAttribute(TypeAttribute.class);

        SoutheastAsianPairs(TokenStream input) {
            super(input, run -> new NGramTokenFilter(run, 2, 2, true));
        }

        @Override
        protected boolean shouldFilter() {
            return type.type().equals(TYPE);
        }
    }
}
