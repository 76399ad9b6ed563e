package dev.llmlifecycle.retrieval.langchain4j;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import dev.llmlifecycle.api.DamagedDataException;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@NullMarked
final class InMemoryStoreFileTest {

    private final InMemoryEmbeddingStore<TextSegment> original = new InMemoryEmbeddingStore<>();
    private final InMemoryEmbeddingStore<TextSegment> copy = new InMemoryEmbeddingStore<>();

    @TempDir
    private Path directory;

    private Path file = Path.of("");

    @BeforeEach
    void nameTheFile() {
        file = directory.resolve("store.json");
    }

    @ParameterizedTest
    @MethodSource("dev.llmlifecycle.api.Seeds#some")
    void theCopyIsWhatLangChain4jReads(SplittableRandom random) throws IOException {
        int count = random.nextInt(20);
        for (int i = 0; i < count; i++) {
            float[] vector = {
                (float) random.nextDouble(), random.nextInt(), Float.intBitsToFloat(random.nextInt(1 << 30))
            };
            original.add("id " + i, Embedding.from(vector), random.nextInt(3) == 0 ? null : segment(random));
        }
        original.serializeToFile(file);

        assertThat(InMemoryStoreFile.of(file).copyTo(copy)).isEqualTo(count);

        assertThat(json(copy)).isEqualTo(json(InMemoryEmbeddingStore.fromFile(file)));
    }

    @Test
    void manyEntriesAreTakenBatchByBatch() {
        for (int i = 0; i < 2_500; i++) {
            original.add("id " + i, Embedding.from(new float[] {i, 1}), TextSegment.from("text " + i));
        }
        original.serializeToFile(file);

        assertThat(InMemoryStoreFile.of(file).copyTo(copy)).isEqualTo(2_500);
        assertThat(copy.serializeToJson()).isEqualTo(original.serializeToJson());
    }

    @Test
    void aFileThatBreaksOffAnywhereIsDamagedAndNothingIsAdded() throws IOException {
        original.add("a", Embedding.from(new float[] {1, 2}), TextSegment.from("one", Metadata.from("key", "value")));
        original.add("b", Embedding.from(new float[] {3, 4}));
        original.serializeToFile(file);
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));

            assertThatExceptionOfType(DamagedDataException.class)
                    .as("%d bytes", length)
                    .isThrownBy(() -> InMemoryStoreFile.of(file).copyTo(copy));
            assertThat(copy.isEmpty()).isTrue();
        }
    }

    @Test
    void damageIsNamedByItsEntry() throws IOException {
        Files.writeString(file, """
                {"entries":[{"id":"a","embedding":{"vector":[1.0,0.5]},"embedded":null},
                {"id":"b","embedding":{"vector":[1.0,"NaN"]},"embedded":null}]}
                """);

        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> InMemoryStoreFile.of(file).copyTo(copy))
                .withMessage(file + ", entry 2: its vector has something at 1 that is not a finite number; "
                        + "write it again with serializeToFile");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            []                                                              | the beginning: found START_ARRAY
            {"other":[]}                                                    | the beginning: the field 'other' is not known
            {"entries":[]} {}                                               | the beginning: something follows the end
            {"entries":[],"more":1}                                         | the beginning: found FIELD_NAME
            {"entries":[{"id":"a"}]}                                        | entry 1: it has no embedding
            {"entries":[{"embedding":{"vector":[1]}}]}                      | entry 1: it has no id
            {"entries":[{"id":7,"embedding":{"vector":[1]}}]}               | entry 1: found VALUE_NUMBER_INT
            {"entries":[{"id":"a","id":"b"}]}                               | entry 1: the JSON breaks off or is not valid
            {"entries":[{"id":"a","vector":[1]}]}                           | entry 1: the field 'vector' is not known
            {"entries":[{"id":"a","embedding":{"vector":[1e99]}}]}          | entry 1: its vector has a number at 0
            {"entries":[{"id":"a","embedding":{"floats":[1]}}]}             | entry 1: the field 'floats' is not known
            {"entries":[{"id":"a","embedding":{"vector":[1]}},{"id":"b","embedding":{"vector":[1,2]}}]} | entry 2: its vector has 2
            {"entries":[{"id":"a","embedded":{"text":" "}}]}                | entry 1: its text is blank
            {"entries":[{"id":"a","embedded":{"words":" "}}]}               | entry 1: the field 'words' is not known
            {"entries":[{"id":"a","embedded":{"metadata":{"m":{}}}}]}       | entry 1: the field 'm' is not known
            {"entries":[{"id":"a","embedded":{"metadata":{"metadata":{"k":true}}}}]} | entry 1: its metadata has a value
            {"entries":[{"id":"a","embedded":{"metadata":{"metadata":{" ":1}}}}]} | entry 1: its metadata has a blank key
            {"entries":[{"id":"a","embedded":{"metadata":{"metadata":{"k":99999999999999999999}}}}]} | entry 1: its metadata has a number
            """)
    void whatIsNoStoreIsRefused(String json, String expected) throws IOException {
        Files.writeString(file, json, StandardCharsets.UTF_8);

        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> InMemoryStoreFile.of(file).copyTo(copy))
                .withMessageContaining(expected);
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> InMemoryStoreFile.of(file).copyTo(copy))
                .withMessage("reading the embedding store " + file + " failed; check the file");
    }

    private static JsonNode json(InMemoryEmbeddingStore<TextSegment> store) throws IOException {
        return new ObjectMapper().readTree(store.serializeToJson());
    }

    private static TextSegment segment(SplittableRandom random) {
        Metadata metadata = new Metadata();
        if (random.nextBoolean()) {
            metadata.put("int", random.nextInt()).put("long", random.nextLong()).put("double", random.nextDouble());
        }
        if (random.nextBoolean()) {
            metadata.put("id", new UUID(random.nextLong(), random.nextLong()))
                    .put("float", (float) random.nextDouble());
        }
        return TextSegment.from("Ä \uD83D\uDE00 \"quoted\" " + random.nextInt(), metadata.put("text", "line\nbreak"));
    }
}
