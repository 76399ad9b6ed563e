package dev.llmlifecycle.retrieval.lexical;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.store.embedding.filter.Filter;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;
import dev.llmlifecycle.api.retrieval.Retriever;
import dev.llmlifecycle.retrieval.vector.internal.RandomFilters;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.langchain4j.store.embedding.filter.MetadataFilterBuilder.metadataKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
class PostgresTextRetrieverTest {

    private static final int ROWS = 80;

    private String table;

    @BeforeEach
    void table() throws SQLException {
        table = TestPostgres.table();
    }

    @Test
    void findsRowsThatHaveAnyOfTheWords() throws SQLException {
        Retriever retriever = retriever(
                TextSegment.from("Refunds are paid within five days."),
                TextSegment.from("Parcels are shipped at noon."),
                TextSegment.from("The shop opens at nine."));

        assertThat(ids(retriever, "When was my refund paid, and when is the parcel?"))
                .containsExactly("passage 0", "passage 1");
        assertThat(ids(retriever, "and the of")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'; DROP TABLE passages1; --",
                "refund' | 'shop",
                "refund\\' OR \\",
                "a & b | !c <-> (d:*) \\ ''",
                "http://example.org/a?x=1&y=2|z refund",
                "\u0000 \uD800 refund \uDC00",
                "!refund"
            })
    void aQuestionIsData(String question) throws SQLException {
        Retriever retriever = retriever(
                TextSegment.from("Refunds at http://example.org/a?x=1&y=2|z and more."), TextSegment.from("Zebra."));

        assertThat(ids(retriever, question)).doesNotContain("passage 1");
        assertThat(ids(retriever, question + " zebra")).contains("passage 1");
    }

    @Test
    void findsALexemeWithQuotesAndBackslashes() throws SQLException {
        Retriever retriever =
                retriever(TextSegment.from("see /etc/o'neil/a&b|c for it"), TextSegment.from("nothing else"));

        assertThat(ids(retriever, "/etc/o'neil/a&b|c")).containsExactly("passage 0");
    }

    @Test
    void namesAreQuotedAndCanBeAnything() throws SQLException {
        TestPostgres.execute(
                "CREATE SCHEMA IF NOT EXISTS \"odd \"\"schema\"; DROP TABLE IF EXISTS \"odd \"\"schema\".\"a"
                        + " table\"; CREATE TABLE \"odd \"\"schema\".\"a table\" (\"No\" bigint, \"The Text\" text);"
                        + " INSERT INTO \"odd \"\"schema\".\"a table\" VALUES (7, 'Refunds take days'), (8, 'Parcels')");
        Retriever retriever = PostgresTextRetriever.builder(TestPostgres.source(), "a table")
                .schema("odd \"schema")
                .idColumn("No")
                .textColumn("The Text")
                .withoutMetadata()
                .corpusId("help")
                .build();

        assertThat(ids(retriever, "REFUNDS")).containsExactly("7");
        assertThat(retriever.corpusId()).isEqualTo("help");
        assertThat(retriever
                        .retrieve(request("refunds", metadataKey("a").isNotEqualTo("b")))
                        .passages())
                .hasSize(1);
        assertThat(retriever
                        .retrieve(request("refunds", metadataKey("a").isEqualTo("b")))
                        .passages())
                .isEmpty();
    }

    @Test
    void columnsCanHaveTheNamesThatTheStatementUses() throws SQLException {
        TestPostgres.execute(
                "DROP TABLE IF EXISTS passage; CREATE TABLE passage (passage_id int, words text, score jsonb,"
                        + " lexeme tsvector, positions int); INSERT INTO passage VALUES"
                        + " (1, 'Refunds take days', '{\"lang\": \"en\"}', to_tsvector('english', 'Refunds take days'), 1)");
        Retriever retriever = PostgresTextRetriever.builder(TestPostgres.source(), "passage")
                .idColumn("passage_id")
                .textColumn("words")
                .metadataColumn("score")
                .searchColumn("lexeme")
                .language("english")
                .build();

        assertThat(retriever
                        .retrieve(request("refund", metadataKey("lang").isEqualTo("en")))
                        .passages())
                .extracting(Passage::id)
                .containsExactly("1");
    }

    @Test
    void metadataComesBackWithItsTypes() throws SQLException {
        UUID id = new UUID(7, 8);
        Metadata metadata = new Metadata()
                .put("text", "a \"b\" \\ ä \uD83D\uDE00")
                .put("whole", 7)
                .put("long", Long.MAX_VALUE)
                .put("part", 0.1)
                .put("float", 0.1f)
                .put("id", id);
        Retriever retriever = retriever(TextSegment.from("word", metadata));
        TestPostgres.execute("UPDATE " + table
                + " SET metadata = metadata || '{\"flag\": true, \"none\": null, \"nested\": {\"a\": [1]}, \"big\": 1e400,"
                + " \"last\": \"z\"}'");

        Passage passage =
                retriever.retrieve(RetrievalRequest.of("word")).passages().get(0);

        assertThat(passage.segment().metadata().toMap())
                .isEqualTo(Map.of(
                        "text",
                        "a \"b\" \\ ä \uD83D\uDE00",
                        "whole",
                        7L,
                        "long",
                        Long.MAX_VALUE,
                        "part",
                        0.1,
                        "float",
                        0.1,
                        "id",
                        id.toString(),
                        "flag",
                        "true",
                        "last",
                        "z"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aFilterMeansTheSameInTheDatabase(long seed) throws SQLException {
        SplittableRandom random = new SplittableRandom(seed);
        RandomFilters filters = new RandomFilters(random);
        List<TextSegment> segments = new ArrayList<>();
        for (@Nullable Metadata metadata : filters.rows(ROWS)) {
            segments.add(TextSegment.from("word", metadata == null ? new Metadata() : storable(metadata)));
        }
        Retriever retriever =
                TestPostgres.retriever(table, segments).maxPassages(ROWS).build();
        Map<String, Metadata> stored = new HashMap<>();
        retriever
                .retrieve(RetrievalRequest.of("word"))
                .passages()
                .forEach(passage -> stored.put(passage.id(), passage.segment().metadata()));
        assertThat(stored).hasSize(ROWS);

        int answered = 0;
        for (int i = 0; i < 150; i++) {
            Filter filter = filters.filter(3);
            Optional<Set<String>> expected = unlessRefused(() -> {
                Set<String> ids = new TreeSet<>();
                stored.forEach((id, metadata) -> {
                    if (filter.test(metadata)) {
                        ids.add(id);
                    }
                });
                return ids;
            });
            Optional<Set<String>> found = unlessRefused(() -> {
                Set<String> ids = new TreeSet<>();
                retriever.retrieve(request("word", filter)).passages().forEach(passage -> ids.add(passage.id()));
                return ids;
            });
            if (expected.isPresent()) {
                answered++;
                assertThat(found).as("seed %d, filter %s", seed, filter).isEqualTo(expected);
            }
        }
        assertThat(answered).isGreaterThan(30);
    }

    private static Metadata storable(Metadata metadata) {
        Metadata storable = new Metadata();
        metadata.toMap().forEach((key, value) -> {
            if (value instanceof String text) {
                storable.put(key, SqlFilter.storable(text));
            } else if (value instanceof Long number) {
                storable.put(key, number);
            } else if (value instanceof Integer number) {
                storable.put(key, number);
            } else if (value instanceof UUID id) {
                storable.put(key, id);
            } else if (Double.isFinite(((Number) value).doubleValue())) {
                storable.put(key, Double.parseDouble(value.toString()));
            }
        });
        return storable;
    }

    private static Optional<Set<String>> unlessRefused(Supplier<Set<String>> search) {
        try {
            return Optional.of(search.get());
        } catch (IllegalArgumentException | ClassCastException e) {
            return Optional.empty();
        }
    }

    @Test
    void theDatabaseIsAskedWhatMeansTheSame() {
        Filter both = Filter.and(
                metadataKey("lang").isEqualTo("en"), metadataKey("price").isGreaterThan(2));
        assertThat(SqlFilter.of(both, "m").exact()).isTrue();
        assertThat(SqlFilter.of(both, "m").parameters())
                .containsExactly("lang", "lang", "en", "price", "price", new BigDecimal("2"));
        assertThat(SqlFilter.of(metadataKey("lang").isGreaterThan("en"), "m").sql())
                .isEqualTo("TRUE");
        assertThat(SqlFilter.of(object -> true, "m").exact()).isFalse();
        assertThat(SqlFilter.of(Filter.not(object -> true), "m").sql()).isEqualTo("TRUE");
        assertThat(SqlFilter.of(metadataKey("a").isEqualTo("\uD800"), "m").sql())
                .isEqualTo("TRUE");
    }

    @Test
    void aFilterThatIsTooLongForAStatementIsAskedRowByRow() throws SQLException {
        Retriever retriever = retriever(
                TextSegment.from("word", Metadata.from("n", "5")), TextSegment.from("word", Metadata.from("n", "x")));
        List<String> many =
                IntStream.range(0, 70_000).mapToObj(Integer::toString).toList();

        assertThat(retriever
                        .retrieve(request("word", metadataKey("n").isIn(many)))
                        .passages())
                .extracting(Passage::id)
                .containsExactly("passage 0");
    }

    @Test
    void theVersionIsThatOfTheRows() throws SQLException {
        Retriever retriever = retriever(TextSegment.from("word"));
        String before = retriever.snapshotId();

        TestPostgres.insert(table, "another", TextSegment.from("word"));

        assertThat(retriever.snapshotId()).isNotEqualTo(before);
        assertThat(retriever.retrieve(RetrievalRequest.of("word")).snapshotId()).isEqualTo(retriever.snapshotId());
    }

    @Test
    void withoutAVersionQueryTheServersSnapshotNamesTheState() throws SQLException {
        Retriever retriever =
                PostgresTextRetriever.builder(TestPostgres.source(), table).build();
        String before = retriever.snapshotId();

        TestPostgres.insert(table, "a", TextSegment.from("word"));

        assertThat(retriever.snapshotId()).isNotEqualTo(before);
        assertThat(ids(retriever, "word")).containsExactly("a");
    }

    @Test
    void aDeadlineStopsTheDatabase() throws SQLException {
        TestPostgres.insert(table, "a", TextSegment.from("word"));
        Retriever slow = PostgresTextRetriever.builder(TestPostgres.source(), table)
                .versionQuery("SELECT pg_sleep(600)::text")
                .build();
        Instant start = Clock.systemUTC().instant();
        RetrievalRequest request =
                new RetrievalRequest("word", Optional.empty(), Optional.empty(), Optional.of(start.plusMillis(300)));

        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> slow.retrieve(request))
                .withMessageContaining("ran out of time: the deadline was " + start.plusMillis(300));
    }

    @Test
    void theLimitIsKeptWithAndWithoutAFilter() throws SQLException {
        List<TextSegment> segments = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            segments.add(TextSegment.from("word", new Metadata().put("n", i)));
        }
        Retriever retriever =
                TestPostgres.retriever(table, segments).maxPassages(5).build();

        assertThat(ids(retriever, "word")).hasSize(5);
        assertThat(retriever
                        .retrieve(request("word", metadataKey("n").isGreaterThanOrEqualTo(290)))
                        .passages())
                .extracting(Passage::id)
                .containsExactly("passage 290", "passage 291", "passage 292", "passage 293", "passage 294");
        assertThat(retriever
                        .retrieve(request(
                                "word",
                                object -> object instanceof Metadata metadata
                                        && Optional.ofNullable(metadata.getLong("n"))
                                                        .orElse(0L)
                                                >= 298))
                        .passages())
                .hasSize(2);
    }

    @Test
    void failuresSayWhatToCheck() {
        Retriever nowhere =
                PostgresTextRetriever.builder(TestPostgres.source(), "nowhere").build();

        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> nowhere.retrieve(RetrievalRequest.of("a secret question")))
                .withMessage(
                        "Searching the table 'nowhere' failed with SQL state 42P01; check the table, its columns, the"
                                + " text search configuration and the connection");
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> PostgresTextRetriever.builder(TestPostgres.source(), table)
                        .versionQuery("SELECT NULL")
                        .build()
                        .snapshotId())
                .withMessageContaining("gave no value");
        PostgresTextRetriever.Builder builder = PostgresTextRetriever.builder(TestPostgres.source(), table);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.language("english'; DROP TABLE x"))
                .withMessageContaining("is not a plain name");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.maxPassages(0));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.idColumn("a\0b"));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.textColumn(" "));
    }

    @Test
    void aRowWithoutATextIsNamed() throws SQLException {
        TestPostgres.execute("CREATE TABLE " + table + "_bare (id text, text text, search tsvector);" + " INSERT INTO "
                + table + "_bare VALUES ('a', NULL, to_tsvector('simple', 'word'))");
        Retriever retriever = PostgresTextRetriever.builder(TestPostgres.source(), table + "_bare")
                .withoutMetadata()
                .searchColumn("search")
                .build();

        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> ids(retriever, "word"))
                .withMessageContaining("found the row 'a', which has no text");
    }

    private Retriever retriever(TextSegment... segments) throws SQLException {
        return TestPostgres.retriever(table, List.of(segments)).build();
    }

    private static RetrievalRequest request(String text, Filter filter) {
        return new RetrievalRequest(text, Optional.of(filter), Optional.empty(), Optional.empty());
    }

    private static List<String> ids(Retriever retriever, String question) {
        return retriever.retrieve(RetrievalRequest.of(question)).passages().stream()
                .map(Passage::id)
                .toList();
    }
}
