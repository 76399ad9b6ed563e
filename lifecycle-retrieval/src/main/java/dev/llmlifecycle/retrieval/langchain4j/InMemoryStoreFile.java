package dev.llmlifecycle.retrieval.langchain4j;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.store.embedding.EmbeddingStore;
import dev.llmlifecycle.api.DamagedDataException;
import org.jspecify.annotations.Nullable;

/**
 * The JSON file of a LangChain4j {@code InMemoryEmbeddingStore}, from which another store takes over.
 *
 * <p>The file is what {@code serializeToFile} of LangChain4j 1.19 writes. It is read entry by entry, twice: first all
 * of it is checked, so that nothing is added from a file that is damaged. Values of metadata have the types that
 * LangChain4j's own {@code fromFile} gives them: whole numbers are ints or longs, others doubles, and UUIDs strings.
 *
 * <pre>{@code
 * long taken = InMemoryStoreFile.of(Path.of("embeddings.json")).copyTo(store);
 * }</pre>
 *
 * <p>Immutable.
 *
 * @since 0.1
 */
public final class InMemoryStoreFile {

    private static final int BATCH = 1_000;

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final Path file;

    private InMemoryStoreFile(Path file) {
        this.file = file;
    }

    /**
     * Names the file.
     *
     * @param file where {@code serializeToFile} wrote
     * @return the file, which is not read yet
     */
    public static InMemoryStoreFile of(Path file) {
        return new InMemoryStoreFile(Objects.requireNonNull(file, "file"));
    }

    /**
     * Adds all entries to a store, under the ids they have, {@value #BATCH} at a time.
     *
     * <p>Entries of one id are added one after the other, so that the last stays in a store which keeps one for an id.
     *
     * @param store what takes over
     * @return how many entries there were
     * @throws DamagedDataException when the file is not what it should be, with the number of the entry; nothing is
     *     added then
     * @throws UncheckedIOException when the file cannot be read
     */
    public long copyTo(EmbeddingStore<TextSegment> store) {
        Objects.requireNonNull(store, "store");
        read(entry -> {});
        Batch batch = new Batch(store);
        long count = read(batch::add);
        batch.flush();
        return count;
    }

    private long read(Consumer<Entry> entries) {
        Reading reading = new Reading();
        try (InputStream in = Files.newInputStream(file);
                JsonParser json = JSON.createParser(in)) {
            return reading.readStore(json, entries);
        } catch (JsonProcessingException e) {
            // Jackson's message may quote the text, so only the place is kept.
            throw damaged(
                    reading,
                    "the JSON breaks off or is not valid at byte "
                            + e.getLocation().getByteOffset());
        } catch (Unexpected e) {
            throw damaged(reading, e.found);
        } catch (IOException e) {
            throw new UncheckedIOException("reading the embedding store " + file + " failed; check the file", e);
        }
    }

    private DamagedDataException damaged(Reading reading, String found) {
        return new DamagedDataException(
                file.toString(), reading.position(), found, "write it again with serializeToFile", null);
    }

    private record Entry(
            String id, Embedding embedding, @Nullable TextSegment segment) {}

    /** Entries on their way to a store. */
    private static final class Batch {

        private final EmbeddingStore<TextSegment> store;
        private final List<String> ids = new ArrayList<>();
        private final List<Embedding> embeddings = new ArrayList<>();
        private final List<@Nullable TextSegment> segments = new ArrayList<>();

        private Batch(EmbeddingStore<TextSegment> store) {
            this.store = store;
        }

        private void add(Entry entry) {
            ids.add(entry.id());
            embeddings.add(entry.embedding());
            segments.add(entry.segment());
            if (ids.size() == BATCH) {
                flush();
            }
        }

        private void flush() {
            if (!ids.isEmpty()) {
                store.addAll(List.copyOf(ids), List.copyOf(embeddings), new ArrayList<>(segments));
                ids.clear();
                embeddings.clear();
                segments.clear();
            }
        }
    }

    /** JSON that is valid but not that of a store. */
    private static final class Unexpected extends IOException {

        private static final long serialVersionUID = 1L;

        private final String found;

        private Unexpected(String found) {
            super(found);
            this.found = found;
        }
    }

    /** One way through the file. */
    private static final class Reading {

        private long entry;
        private int dimension;

        private String position() {
            return entry == 0 ? "the beginning" : "entry " + entry;
        }

        private long readStore(JsonParser json, Consumer<Entry> entries) throws IOException {
            require(json.nextToken(), JsonToken.START_OBJECT);
            require(json.nextToken(), JsonToken.FIELD_NAME);
            if (!json.currentName().equals("entries")) {
                throw unknown(json);
            }
            require(json.nextToken(), JsonToken.START_ARRAY);
            while (json.nextToken() != JsonToken.END_ARRAY) {
                entry++;
                entries.accept(readEntry(json));
            }
            require(json.nextToken(), JsonToken.END_OBJECT);
            if (json.nextToken() != null) {
                throw new Unexpected("something follows the end of the store");
            }
            return entry;
        }

        private Entry readEntry(JsonParser json) throws IOException {
            require(json.currentToken(), JsonToken.START_OBJECT);
            String id = "";
            float[] vector = {};
            TextSegment segment = null;
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String field = json.currentName();
                json.nextToken();
                switch (field) {
                    case "id" -> id = string(json);
                    case "embedding" -> vector = readEmbedding(json);
                    case "embedded" -> segment = json.hasToken(JsonToken.VALUE_NULL) ? null : readSegment(json);
                    default -> throw unknown(json);
                }
            }
            if (id.isBlank() || vector.length == 0) {
                throw new Unexpected(id.isBlank() ? "it has no id" : "it has no embedding");
            }
            if (entry > 1 && vector.length != dimension) {
                throw new Unexpected(
                        "its vector has " + vector.length + " numbers but the one before has " + dimension);
            }
            dimension = vector.length;
            return new Entry(id, Embedding.from(vector), segment);
        }

        private float[] readEmbedding(JsonParser json) throws IOException {
            float[] vector = {};
            require(json.currentToken(), JsonToken.START_OBJECT);
            while (json.nextToken() != JsonToken.END_OBJECT) {
                if (!json.currentName().equals("vector")) {
                    throw unknown(json);
                }
                require(json.nextToken(), JsonToken.START_ARRAY);
                vector = readVector(json);
            }
            return vector;
        }

        private float[] readVector(JsonParser json) throws IOException {
            float[] vector = new float[Math.max(dimension, 1)];
            int count = 0;
            while (json.nextToken() != JsonToken.END_ARRAY) {
                if (!json.currentToken().isNumeric()) {
                    throw new Unexpected("its vector has something at " + count + " that is not a finite number");
                }
                if (count == vector.length) {
                    vector = Arrays.copyOf(vector, 2 * count);
                }
                vector[count] = json.getFloatValue();
                if (!Float.isFinite(vector[count])) {
                    throw new Unexpected("its vector has a number at " + count + " that is too large for a float");
                }
                count++;
            }
            return Arrays.copyOf(vector, count);
        }

        private static TextSegment readSegment(JsonParser json) throws IOException {
            require(json.currentToken(), JsonToken.START_OBJECT);
            String text = "";
            Metadata metadata = new Metadata();
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String field = json.currentName();
                json.nextToken();
                switch (field) {
                    case "text" -> text = string(json);
                    case "metadata" -> metadata = readMetadata(json);
                    default -> throw unknown(json);
                }
            }
            if (text.isBlank()) {
                throw new Unexpected("its text is blank or missing");
            }
            return TextSegment.from(text, metadata);
        }

        private static Metadata readMetadata(JsonParser json) throws IOException {
            Map<String, Object> values = new HashMap<>();
            require(json.currentToken(), JsonToken.START_OBJECT);
            while (json.nextToken() != JsonToken.END_OBJECT) {
                if (!json.currentName().equals("metadata")) {
                    throw unknown(json);
                }
                require(json.nextToken(), JsonToken.START_OBJECT);
                while (json.nextToken() != JsonToken.END_OBJECT) {
                    String key = json.currentName();
                    json.nextToken();
                    if (key.isBlank()) {
                        throw new Unexpected("its metadata has a blank key");
                    }
                    values.put(key, value(json));
                }
            }
            return new Metadata(values);
        }

        private static Object value(JsonParser json) throws IOException {
            if (json.hasToken(JsonToken.VALUE_STRING)) {
                return json.getText();
            }
            if (json.currentToken().isNumeric()) {
                return switch (json.getNumberType()) {
                    case INT -> json.getIntValue();
                    case LONG -> json.getLongValue();
                    case FLOAT, DOUBLE -> json.getDoubleValue();
                    case BIG_INTEGER, BIG_DECIMAL ->
                        throw new Unexpected("its metadata has a number that fits no long");
                };
            }
            throw new Unexpected("its metadata has a value that is neither a string nor a number");
        }

        private static String string(JsonParser json) throws IOException {
            require(json.currentToken(), JsonToken.VALUE_STRING);
            return json.getText();
        }

        private static Unexpected unknown(JsonParser json) throws IOException {
            return new Unexpected("the field '" + json.currentName() + "' is not known");
        }

        private static void require(@Nullable JsonToken found, JsonToken wanted) throws IOException {
            if (found != wanted) {
                throw new Unexpected(
                        "found " + (found == null ? "the end of the file" : found) + " instead of " + wanted);
            }
        }
    }
}
