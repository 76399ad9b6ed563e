package dev.llmlifecycle.retrieval.lexical;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.Term;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The format is what docs/reference/lexical-index-format.md says, read without the library. */
@NullMarked
final class LexicalFormatTest {

    @TempDir
    private Path directory;

    @Test
    void aDirectoryHoldsWhatItsPageSays() throws IOException, GeneralSecurityException {
        try (LexicalIndex index = LexicalIndex.builder().directory(directory).build()) {
            index.add(new LexicalEntry("id", TextSegment.from("Words, words", Metadata.from("k", "v"))));
        }
        byte[] text = concat(littleEndian(12), "Words, words".getBytes(StandardCharsets.UTF_8));
        byte[] metadata =
                concat(littleEndian(1), littleEndian(1), new byte[] {'k', 1}, littleEndian(1), new byte[] {'v'});
        byte[] hash = MessageDigest.getInstance("SHA-256")
                .digest(concat(littleEndian(2), new byte[] {'i', 'd'}, text, metadata));
        String first16 = HexFormat.of().formatHex(hash, 0, 16);

        try (DirectoryReader reader = DirectoryReader.open(FSDirectory.open(directory))) {
            assertThat(reader.getIndexCommit().getUserData())
                    .containsEntry("format", "1")
                    .containsEntry("analysis", "language any")
                    .containsEntry("content", first16)
                    .containsEntry("mark", "");
            LeafReader leaf = reader.leaves().get(0).reader();
            assertThat(leaf.docFreq(new Term("id", new BytesRef(new byte[] {0, 'i', 0, 'd'}))))
                    .isEqualTo(1);
            assertThat(leaf.totalTermFreq(new Term("text", "words"))).isEqualTo(2);
            assertThat(bytes(leaf.storedFields().document(0).getBinaryValue("stored-text")))
                    .isEqualTo(text);
            assertThat(docValue(leaf, "metadata")).isEqualTo(metadata);
            assertThat(HexFormat.of().formatHex(docValue(leaf, "hash"))).isEqualTo(first16);
        }
    }

    private static byte[] docValue(LeafReader leaf, String field) throws IOException {
        BinaryDocValues values = leaf.getBinaryDocValues(field);
        assertThat(values.advanceExact(0)).isTrue();
        return bytes(values.binaryValue());
    }

    private static byte[] bytes(BytesRef value) {
        return BytesRef.deepCopyOf(value).bytes;
    }

    private static byte[] littleEndian(int number) {
        return new byte[] {(byte) number, (byte) (number >> 8), (byte) (number >> 16), (byte) (number >> 24)};
    }

    private static byte[] concat(byte[]... parts) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            bytes.write(part);
        }
        return bytes.toByteArray();
    }
}
