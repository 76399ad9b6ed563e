package dev.llmlifecycle.retrieval.lexical;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.retrieval.vector.internal.Decoder;
import dev.llmlifecycle.retrieval.vector.internal.Encoder;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.SortedDocValues;
import org.apache.lucene.index.Term;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/**
 * Writes entries as Lucene documents and reads them back.
 *
 * <p>Ids are kept as UTF-16, whose bytes are in the order of the strings, so that ties are broken as everywhere; texts
 * and metadata as bytes of our own, so that lone surrogates and types of numbers come back.
 */
final class StoredEntry {

    static final String ID = "id";

    private static final String STORED_TEXT = "stored-text";
    private static final String METADATA = "metadata";
    private static final String HASH = "hash";

    private static final FieldType TERMS = terms();

    private StoredEntry() {}

    private static FieldType terms() {
        FieldType type = new FieldType();
        type.setTokenized(true);
        type.setIndexOptions(IndexOptions.DOCS_AND_FREQS);
        type.freeze();
        return type;
    }

    static Document document(LexicalEntry entry, String field, ContentHash hash) {
        BytesRef id = key(entry.id());
        String text = entry.segment().text();
        Document document = new Document();
        document.add(new StringField(ID, id, Field.Store.NO));
        document.add(new SortedDocValuesField(ID, id));
        document.add(new Field(field, Analysis.composed(text), TERMS));
        document.add(new StoredField(STORED_TEXT, new Encoder().string(text).toByteArray()));
        document.add(new BinaryDocValuesField(
                METADATA,
                new BytesRef(new Encoder().metadata(entry.segment().metadata()).toByteArray())));
        document.add(new BinaryDocValuesField(HASH, new BytesRef(hash.toBytes())));
        return document;
    }

    static BytesRef key(String id) {
        byte[] bytes = new byte[id.length() * Character.BYTES];
        ByteBuffer.wrap(bytes).asCharBuffer().put(id);
        return new BytesRef(bytes);
    }

    static Term term(String id) {
        return new Term(ID, key(id));
    }

    static String id(LeafReader leaf, int document) throws IOException {
        SortedDocValues ids = DocValues.getSorted(leaf, ID);
        require(ids.advanceExact(document), leaf);
        return id(ids.lookupOrd(ids.ordValue()));
    }

    static String id(BytesRef key) {
        return ByteBuffer.wrap(key.bytes, key.offset, key.length).asCharBuffer().toString();
    }

    static TextSegment segment(LeafReader leaf, int document) throws IOException {
        BytesRef text = Objects.requireNonNull(
                leaf.storedFields().document(document, Set.of(STORED_TEXT)).getBinaryValue(STORED_TEXT), STORED_TEXT);
        try {
            return TextSegment.from(new Decoder(bytes(text)).string(), metadata(leaf, document));
        } catch (Decoder.FormatProblem e) {
            throw damaged(leaf, e.problem(), e);
        }
    }

    static Metadata metadata(LeafReader leaf, int document) throws IOException {
        try {
            return new Decoder(bytes(value(leaf, METADATA, document))).metadata();
        } catch (Decoder.FormatProblem e) {
            throw damaged(leaf, e.problem(), e);
        }
    }

    static ContentHash hash(LeafReader leaf, int document) throws IOException {
        BytesRef hash = value(leaf, HASH, document);
        return ContentHash.read(ByteBuffer.wrap(hash.bytes, hash.offset, hash.length));
    }

    private static BytesRef value(LeafReader leaf, String field, int document) throws IOException {
        BinaryDocValues values = DocValues.getBinary(leaf, field);
        require(values.advanceExact(document), leaf);
        return values.binaryValue();
    }

    private static byte[] bytes(BytesRef value) {
        return Arrays.copyOfRange(value.bytes, value.offset, value.offset + value.length);
    }

    private static DamagedDataException damaged(LeafReader leaf, String problem, @Nullable Throwable cause) {
        return new DamagedDataException(
                leaf.toString(), "an entry", problem, "it was not written by this library; make the index anew", cause);
    }

    private static void require(boolean there, LeafReader leaf) {
        if (!there) {
            throw damaged(leaf, "an entry misses a part", null);
        }
    }
}
