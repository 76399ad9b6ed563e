package dev.llmlifecycle.retrieval.lexical;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.sql.DataSource;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.api.LifecycleException;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

import static dev.langchain4j.store.embedding.filter.MetadataFilterBuilder.metadataKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

@NullMarked
class LexicalIndexTest {

    private LexicalIndex index;

    @BeforeEach
    void open() {
        index = LexicalIndex.builder().build();
    }

    @AfterEach
    void close() {
        index.close();
    }

    @Test
    void findsTheEntryThatHasTheWords() {
        index.addAll(List.of(
                LexicalEntry.of("a", "Refunds take five days."),
                LexicalEntry.of("b", "Parcels are shipped at noon."),
                LexicalEntry.of("c", "The shop opens at nine.")));

        assertThat(ids("when do refunds come?")).containsExactly("a");
        assertThat(ids("SHIPPED at noon")).containsExactly("b", "c");
    }

    @Test
    void aChangeIsSeenWhenItsCallReturned() {
        index.add(LexicalEntry.of("a", "old text"));
        String before = index.snapshotId();
        index.add(LexicalEntry.of("a", "new text"));

        assertThat(ids("old")).isEmpty();
        assertThat(ids("new")).containsExactly("a");
        assertThat(index.get("a").orElseThrow().segment().text()).isEqualTo("new text");
        assertThat(index.snapshotId()).isNotEqualTo(before);
        assertThat(index.remove(List.of("a", "none"))).isEqualTo(1);
        assertThat(ids("new")).isEmpty();
        assertThat(index.get("a")).isEmpty();
        assertThat(index.size()).isZero();
    }

    @Test
    void equalContentHasOneSnapshotIdWhateverItsHistory() {
        index.addAll(List.of(LexicalEntry.of("a", "one"), LexicalEntry.of("b", "two")));
        index.add(LexicalEntry.of("a", "three"));
        index.remove(List.of("b"));
        try (LexicalIndex other = LexicalIndex.builder().build()) {
            String empty = other.snapshotId();
            other.add(LexicalEntry.of("a", "three"));

            assertThat(other.snapshotId()).isEqualTo(index.snapshotId()).isNotEqualTo(empty);
            assertThat(other.removeAll()).isEqualTo(1);
            assertThat(other.snapshotId()).isEqualTo(empty);
        }
    }

    @Test
    void addingWhatIsThereChangesNothing() {
        index.add(LexicalEntry.of("a", "one"));
        String before = index.snapshotId();
        index.add(LexicalEntry.of("a", "one"));
        index.addAll(List.of());

        assertThat(index.snapshotId()).isEqualTo(before);
        assertThat(index.size()).isEqualTo(1);
    }

    @Test
    void removesByFilter() {
        for (int i = 0; i < 10; i++) {
            index.add(new LexicalEntry("id " + i, TextSegment.from("word", new Metadata().put("even", i % 2))));
        }

        assertThat(index.remove(metadataKey("even").isEqualTo(0))).isEqualTo(5);
        assertThat(ids("word")).containsExactly("id 1", "id 3", "id 5", "id 7", "id 9");
    }

    @Test
    void removalByFilterLeavesWhatWasWrittenMeanwhile() {
        index.add(new LexicalEntry("a", TextSegment.from("word", Metadata.from("kind", "x"))));

        int removed = index.remove(object -> {
            index.add(LexicalEntry.of("a", "another word"));
            return true;
        });

        assertThat(removed).isZero();
        assertThat(ids("another")).containsExactly("a");
    }

    @Test
    void refusesAnIdTwiceInOneBatch() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> index.addAll(List.of(LexicalEntry.of("a", "one"), LexicalEntry.of("a", "two"))))
                .withMessage("Adding 2 entries at once found the id 'a' twice; leave out the one that is not to stay");
        assertThat(index.size()).isZero();
    }

    @Test
    void keepsIdsTextsAndMetadataToTheLetter() {
        String lone = "\uD83D word \uDE00";
        Metadata metadata = new Metadata().put("n", 7L).put("f", 0.1f).put("torn", "x\uD800");
        index.add(new LexicalEntry("id \uD83D", TextSegment.from(lone, metadata)));
        index.add(LexicalEntry.of("id \uDE00", "word"));

        LexicalMatch match = search("word").matches().get(0);

        assertThat(match.id()).isEqualTo("id \uD83D");
        assertThat(match.segment().text()).isEqualTo(lone);
        assertThat(match.segment().metadata()).isEqualTo(metadata);
        assertThat(index.get("id \uDE00").orElseThrow().segment().text()).isEqualTo("word");
    }

    @Test
    void ordersTiesByIdAlsoWhereTheyAreCutOff() {
        List<String> ids =
                new ArrayList<>(IntStream.range(0, 300).mapToObj(i -> "id " + i).collect(Collectors.toList()));
        ids.add("id \uD83D\uDE00");
        ids.add("id \uFFFD");
        SplittableRandom random = new SplittableRandom(5);
        ids.sort(Comparator.comparingInt(id -> random.nextInt()));
        ids.forEach(id -> index.add(LexicalEntry.of(id, "one word")));

        List<String> sorted = ids.stream().sorted().toList();
        assertThat(ids(index.search(LexicalQuery.of("word", 1_000)))).isEqualTo(sorted);
        assertThat(ids(index.search(LexicalQuery.of("word", 7)))).isEqualTo(sorted.subList(0, 7));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void fewResultsAreTheFirstOfMany(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int batch = 0; batch < 8; batch++) {
            int first = batch * 50;
            index.addAll(IntStream.range(first, first + 50)
                    .mapToObj(i -> LexicalEntry.of("id " + i, words(random, 1 + random.nextInt(20))))
                    .toList());
        }
        index.remove(List.of("id 5", "id 77", "id 222"));

        for (int i = 0; i < 50; i++) {
            String question = words(random, 1 + random.nextInt(6));
            List<LexicalMatch> all =
                    index.search(LexicalQuery.of(question, 1_000)).matches();
            int k = 1 + random.nextInt(30);

            assertThat(all)
                    .isSortedAccordingTo(Comparator.comparingDouble(LexicalMatch::score)
                            .reversed()
                            .thenComparing(LexicalMatch::id));
            assertThat(index.search(LexicalQuery.of(question, k)).matches())
                    .as("seed %d, question '%s', k %d", seed, question, k)
                    .isEqualTo(all.subList(0, Math.min(k, all.size())));
        }
    }

    private static String words(SplittableRandom random, int count) {
        return random.ints(count, 0, 30).mapToObj(i -> "w" + i * i / 25).collect(Collectors.joining(" "));
    }

    @Test
    void explainsAScoreByTheFormulaOfBm25() {
        index.addAll(List.of(
                LexicalEntry.of("a", "red red apple"),
                LexicalEntry.of("b", "green apple and a pear"),
                LexicalEntry.of("c", "pear")));

        LexicalMatch best = index.search(
                        LexicalQuery.builder("red apple apple").explain(true).build())
                .matches()
                .get(0);

        double averageLength = 9 / 3.0;
        double norm = 1.2 * (1 - 0.75 + 0.75 * 3 / averageLength);
        double idfRed = Math.log(1 + (3 - 1 + 0.5) / (1 + 0.5));
        double idfApple = Math.log(1 + (3 - 2 + 0.5) / (2 + 0.5));
        double red = idfRed * 2 / (2 + norm);
        double apple = 2 * idfApple / (1 + norm);
        assertThat(best.id()).isEqualTo("a");
        assertThat(best.score()).isCloseTo(red + apple, within(1e-6));
        assertThat(best.terms())
                .containsExactly(
                        new TermScore("red", "", idfRed, 2, red), new TermScore("apple", "", idfApple, 1, apple));
    }

    @Test
    void explanationsAddUpToTheScore() {
        SplittableRandom random = new SplittableRandom(11);
        try (LexicalIndex tuned = LexicalIndex.builder().bm25(0.9, 0.4).build()) {
            for (int i = 0; i < 100; i++) {
                tuned.add(LexicalEntry.of("id " + i, words(random, 1 + random.nextInt(200))));
            }
            tuned.remove(List.of("id 1", "id 2"));

            tuned.search(LexicalQuery.builder("w1 w2 w4 w9 w9 w30")
                            .k(100)
                            .explain(true)
                            .build())
                    .matches()
                    .forEach(match -> assertThat(match.terms().stream()
                                    .mapToDouble(TermScore::contribution)
                                    .sum())
                            .as(match.id())
                            .isCloseTo(match.score(), within(1e-5)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"text:refunds", "ref*", "refund~", "*:*", "re?unds", "/ref.*/", "[a TO z]", "id:a"})
    void noCharacterOfAQuestionHasAMeaning(String question) {
        index.add(LexicalEntry.of("a", "zebra"));
        index.add(LexicalEntry.of("b", "refunding"));

        assertThat(ids(question)).doesNotContain("b");
        assertThat(ids(question + " zebra")).contains("a");
    }

    @Test
    void aQuestionWithoutAWordThatCountsFindsNothing() {
        try (LexicalIndex english =
                LexicalIndex.builder().language(Locale.ENGLISH).build()) {
            english.add(LexicalEntry.of("none", "the and of"));
            assertThat(ids(english.search(LexicalQuery.of("refunds of the", 5))))
                    .isEmpty();
            english.add(LexicalEntry.of("a", "the and of refunds"));

            assertThat(ids(english.search(LexicalQuery.of("", 5)))).isEmpty();
            assertThat(ids(english.search(LexicalQuery.of("?!... \u0000\t", 5))))
                    .isEmpty();
            assertThat(ids(english.search(LexicalQuery.of("and of the", 5)))).isEmpty();
            assertThat(ids(english.search(LexicalQuery.of("and of the refund", 5))))
                    .containsExactly("a");
        }
    }

    @Test
    void keepsTheRarestTermsOfAQuestionThatIsTooLong() {
        String many = IntStream.range(0, 12_000).mapToObj(i -> "common" + i).collect(Collectors.joining(" "));
        try (LexicalIndex small = LexicalIndex.builder().maxTerms(10).build()) {
            for (int i = 0; i < 5; i++) {
                small.add(LexicalEntry.of("common " + i, many));
            }
            small.add(LexicalEntry.of("rare", "zebra and common1"));

            LexicalSearchResult result = small.search(LexicalQuery.of("zebra " + many, 10));

            assertThat(many.length()).isGreaterThan(100_000);
            assertThat(result.searchedTerms()).isEqualTo(10);
            assertThat(result.droppedTerms()).isEqualTo(QuestionTerms.MOST_READ - 10);
            assertThat(result.matches().get(0).id()).isEqualTo("rare");
        }
    }

    @Test
    void takesAnyText() {
        List<String> texts = List.of(
                "x".repeat(200_000),
                "กรุงเทพ".repeat(10_000),
                "首都".repeat(10_000),
                "\uD83D\uDE00".repeat(1_000),
                "\uDE00\uD83D",
                "a\u0301".repeat(5_000),
                "\u0000\u0001 \uFFFF",
                "\u202Eabc \u200B",
                "'; DROP TABLE passages; --",
                "+- && || ! ( ) { } [ ] ^ \" ~ * ? : \\ /");
        for (int i = 0; i < texts.size(); i++) {
            index.add(LexicalEntry.of("id " + i, texts.get(i)));
        }

        texts.forEach(text -> assertThat(search(text).matches().size()).isLessThanOrEqualTo(10));
        for (int i = 0; i < texts.size(); i++) {
            assertThat(index.get("id " + i).orElseThrow().segment().text()).isEqualTo(texts.get(i));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "東京の天気は晴れです, 天気",
        "北京是中国的首都, 首都",
        "서울은 한국의 수도이다, 한국의",
        "กรุงเทพมหานครเป็นเมืองหลวงของประเทศไทย, เมืองหลวง",
        "Столица России — Москва, москва",
        "عاصمة مصر هي القاهرة, القاهرة",
        "Das Café öffnet früh, cafe offnet",
        "ＦＵＬＬ width, full",
        "cafe\u0301 decomposed, café",
        "Η Αθήνα είναι πρωτεύουσα, αθηνα",
        "Всё готово, все",
        "हिन्दी भाषा, भाषा",
        "Straße und Smørrebrød, strasse smorrebrod"
    })
    void withoutALanguageFindsWordsOfAnyScript(String text, String question) {
        index.add(LexicalEntry.of("right", text));
        index.add(LexicalEntry.of("wrong", "something else"));

        assertThat(ids(question)).containsExactly("right");
    }

    @ParameterizedTest
    @CsvSource({
        "en, Refunds were paid, refund pay",
        "de, Die Häuser sind teuer, haus",
        "fr, Les chevaux mangeaient, cheval",
        "ru, Столицы России, столица",
        "th, กรุงเทพมหานครเป็นเมืองหลวงของประเทศไทย, เมืองหลวง",
        "zh, 北京是中国的首都, 首都"
    })
    void aLanguageKnowsItsEndings(String language, String text, String question) {
        try (LexicalIndex own =
                LexicalIndex.builder().language(Locale.forLanguageTag(language)).build()) {
            own.add(LexicalEntry.of("a", text));

            assertThat(ids(own.search(LexicalQuery.of(question, 5)))).containsExactly("a");
        }
    }

    @ParameterizedTest
    @MethodSource("languages")
    void everyLanguageFindsItsOwnText(Locale language) {
        try (LexicalIndex own = LexicalIndex.builder().language(language).build()) {
            own.add(LexicalEntry.of("a", "Hamburg 2026 Ελλάδα Россия مصر भारत 東京 ไทย"));
            own.add(LexicalEntry.of("b", "something else"));

            for (String word : List.of("Hamburg", "2026", "Ελλάδα", "Россия", "مصر", "भारत", "東京", "ไทย")) {
                assertThat(ids(own.search(LexicalQuery.of(word, 5)))).as(word).containsExactly("a");
            }
        }
    }

    static Stream<Locale> languages() {
        return Stream.of(Locale.getISOLanguages()).map(Locale::forLanguageTag).filter(locale -> {
            try {
                Analysis.code(locale);
                return true;
            } catch (IllegalArgumentException e) {
                return false;
            }
        });
    }

    @Test
    void metadataCanNameTheLanguageOfEachText() {
        try (LexicalIndex many = LexicalIndex.builder().languageKey("lang").build()) {
            many.addAll(List.of(
                    entry("en", "Refunds were paid", "en-GB"),
                    entry("de", "Die Häuser sind teuer", "de_AT"),
                    entry("xx", "Lorem ipsum", "tlh")));
            many.add(LexicalEntry.of("none", "haus refunding"));

            assertThat(ids(many.search(LexicalQuery.of("refund", 5)))).containsExactly("en");
            assertThat(many.search(LexicalQuery.builder("haus").explain(true).build())
                            .matches())
                    .extracting(
                            match -> match.id() + " by " + match.terms().get(0).language())
                    .containsExactlyInAnyOrder("de by de", "none by ");
            assertThat(ids(many.search(LexicalQuery.of("LOREM", 5)))).containsExactly("xx");
        }
    }

    private static LexicalEntry entry(String id, String text, String language) {
        return new LexicalEntry(id, TextSegment.from(text, Metadata.from("lang", language)));
    }

    @Test
    void aDeadlineEndsASearch() {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        try (LexicalIndex timed =
                LexicalIndex.builder().clock(Clock.fixed(now, ZoneOffset.UTC)).build()) {
            timed.add(LexicalEntry.of("a", "word"));

            assertThat(ids(timed.search(LexicalQuery.builder("word")
                            .deadline(now.plusMillis(1))
                            .build())))
                    .containsExactly("a");
            assertThatExceptionOfType(LifecycleException.class)
                    .isThrownBy(() -> timed.search(
                            LexicalQuery.builder("word").deadline(now).build()))
                    .withMessage("Searching words ran out of time: the deadline was 2026-01-01T00:00:00Z;"
                            + " allow more time or ask for less");
        }
    }

    @Test
    void aDeadlineEndsASearchThatHasBegun() {
        Instant start = Instant.parse("2026-01-01T00:00:00Z");
        Clock clock = new Clock() {
            private Instant now = start;

            @Override
            public java.time.ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                now = now.plus(Duration.ofSeconds(1));
                return now;
            }
        };
        try (LexicalIndex timed = LexicalIndex.builder().clock(clock).build()) {
            timed.addAll(IntStream.range(0, 5_000)
                    .mapToObj(i -> LexicalEntry.of("id " + i, "word other"))
                    .toList());

            assertThatExceptionOfType(LifecycleException.class)
                    .isThrownBy(() -> timed.search(LexicalQuery.builder("word other")
                            .deadline(clock.instant().plusSeconds(3))
                            .build()))
                    .withMessageContaining("ran out of time");
        }
    }

    @Test
    void refusesWhatMakesNoSense() {
        LexicalIndex.Builder builder = LexicalIndex.builder();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.bm25(-1, 0.5))
                .withMessageContaining("k1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.bm25(1, Double.NaN))
                .withMessageContaining("b of");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.maxTerms(0))
                .withMessageContaining("0 terms");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.corpusId(" "))
                .withMessageContaining("corpus");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.languageKey(""));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.language(Locale.forLanguageTag("tlh")))
                .withMessageStartingWith("there is no analyzer for the language 'tlh'; leave it out");
        assertThatIllegalArgumentException().isThrownBy(() -> LexicalQuery.of("a", 0));
        assertThatIllegalArgumentException().isThrownBy(() -> LexicalEntry.of(" ", "text"));
        assertThatIllegalArgumentException().isThrownBy(() -> LexicalEntry.of("x".repeat(16_001), "text"));
        assertThatIllegalArgumentException().isThrownBy(() -> index.retriever(0));
        assertThatIllegalStateException().isThrownBy(() -> builder.readOnly().build());
        assertThatIllegalStateException().isThrownBy(index::refresh).withMessageContaining("always fresh");
    }

    @Test
    void theLongestIdIsKept() {
        String id = "x".repeat(LexicalEntry.LONGEST_ID);
        index.add(LexicalEntry.of(id, "word"));

        assertThat(ids("word")).containsExactly(id);
        assertThat(index.remove(List.of(id))).isEqualTo(1);
    }

    @Test
    void saysThatItIsClosed() {
        index.close();
        index.close();

        assertThatIllegalStateException()
                .isThrownBy(() -> search("word"))
                .withMessage("the lexical index is closed; build a new one");
        assertThatIllegalStateException().isThrownBy(() -> index.add(LexicalEntry.of("a", "b")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"LexicalIndex", "HybridIndex"})
    void withoutLuceneSaysWhatToAdd(String door) throws Exception {
        try (URLClassLoader loader = withoutLucene()) {
            Class<?> type = loader.loadClass(LexicalIndex.class.getPackageName() + "." + door);
            Method builder =
                    door.equals("LexicalIndex") ? type.getMethod("builder") : type.getMethod("builder", int.class);
            Object[] arguments = door.equals("LexicalIndex") ? new Object[0] : new Object[] {3};

            assertThatExceptionOfType(InvocationTargetException.class)
                    .isThrownBy(() -> builder.invoke(null, arguments))
                    .satisfies(thrown -> assertThat(thrown.getCause())
                            .hasMessage("Building a lexical index failed: org.apache.lucene.index.IndexWriter is not on"
                                    + " the class path; add org.apache.lucene:lucene-core and"
                                    + " org.apache.lucene:lucene-analysis-common, 9.12"));
        }
    }

    @Test
    void withoutLucenePostgresIsSearched() throws Exception {
        try (URLClassLoader loader = withoutLucene()) {
            Class<?> type = loader.loadClass(PostgresTextRetriever.class.getName());
            Object builder = type.getMethod("builder", DataSource.class, String.class)
                    .invoke(null, new PGSimpleDataSource(), "passages");
            builder.getClass().getMethod("maxPassages", int.class).invoke(builder, 3);

            assertThat(builder.getClass().getMethod("build").invoke(builder)).isInstanceOf(type);
        }
    }

    private static URLClassLoader withoutLucene() throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<URL> urls = new ArrayList<>();
        for (String entry : classPath.split(File.pathSeparator, -1)) {
            if (!entry.contains("lucene")) {
                urls.add(Path.of(entry).toUri().toURL());
            }
        }
        return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }

    @Test
    void searchesThatRunWhileItIsClosedEndWell() throws Exception {
        index.addAll(IntStream.range(0, 2_000)
                .mapToObj(i -> LexicalEntry.of("id " + i, "word other" + i))
                .toList());
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        List<Thread> searching = IntStream.range(0, 3)
                .mapToObj(i -> new Thread(() -> {
                    while (true) {
                        assertThat(search("word").matches()).hasSize(10);
                    }
                }))
                .toList();
        searching.forEach(thread -> {
            thread.setUncaughtExceptionHandler((any, failure) -> failures.add(failure));
            thread.start();
        });
        search("word");
        index.close();
        for (Thread thread : searching) {
            thread.join();
        }

        assertThat(failures)
                .hasSize(3)
                .allSatisfy(failure -> assertThat(failure)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("the lexical index is closed; build a new one"));
    }

    private LexicalSearchResult search(String question) {
        return index.search(LexicalQuery.of(question, 10));
    }

    private List<String> ids(String question) {
        return ids(search(question));
    }

    private static List<String> ids(LexicalSearchResult result) {
        return result.matches().stream().map(LexicalMatch::id).toList();
    }
}
