package dev.llmlifecycle.core.classify;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import dev.llmlifecycle.api.identity.CanonicalJson;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.core.internal.JsonObject;

/** The content of a classifier as blocks of bytes; what is served is always read from them. */
final class Blocks {

    static final String CARD = "CARD";
    static final String SETTINGS = "SETT";
    static final String MEAN = "MEAN";
    static final String IDF = "IDFS";
    static final String WEIGHTS = "WGHT";
    static final String PROTOTYPES = "PROT";
    static final String EXAMPLES = "EXAM";

    /** What decides a prediction. */
    private static final List<String> DECIDING = List.of(SETTINGS, MEAN, IDF, WEIGHTS, PROTOTYPES);

    private static final int LARGEST = 127;

    private final String source;
    private final Map<String, byte[]> content;

    Blocks(String source, Map<String, byte[]> content) {
        this.source = source;
        this.content = new LinkedHashMap<>(content);
    }

    static Blocks of(
            ModelCard card,
            Settings settings,
            FeatureSpace space,
            LinearWeights weights,
            Prototypes prototypes,
            ExampleStore examples) {
        Map<String, byte[]> content = new LinkedHashMap<>();
        content.put(CARD, json(card.toCanonical()));
        content.put(SETTINGS, json(settings.toCanonical()));
        content.put(MEAN, floats(space.mean()));
        content.put(IDF, floats(space.idf()));
        content.put(WEIGHTS, weights(weights));
        content.put(PROTOTYPES, prototypes(prototypes, settings));
        content.put(EXAMPLES, examples(examples));
        return new Blocks("classifier '" + card.name() + "'", content);
    }

    Map<String, byte[]> content() {
        return content;
    }

    Blocks with(Settings settings) {
        Blocks changed = new Blocks(source, content);
        changed.content.put(SETTINGS, json(settings.toCanonical()));
        return changed;
    }

    /** Returns a hash over what decides a prediction, and not over the card with its time, nor the examples. */
    Hash hash() {
        return Hash.ofCanonicalJson(
                DECIDING.stream().map(name -> Hash.ofBytes(get(name)).hex()).toList());
    }

    ModelCard card() {
        return read(CARD, bytes -> ModelCard.read(JsonObject.parse(utf8(bytes))));
    }

    Settings settings() {
        return read(SETTINGS, bytes -> Settings.read(JsonObject.parse(utf8(bytes))));
    }

    FeatureSpace space(Settings settings) {
        return new FeatureSpace(
                readFloats(MEAN, settings.dimension()),
                readFloats(IDF, settings.grams().map(NGrams::buckets).orElse(0)));
    }

    LinearWeights weights(Settings settings, FeatureSpace space) {
        return read(WEIGHTS, bytes -> {
            int labels = settings.labels().size();
            requireSize(bytes, (space.size() + 1L) * (Float.BYTES + labels));
            LinearWeights weights = new LinearWeights(settings.dimension(), space.size(), labels);
            ByteBuffer in = buffer(bytes);
            for (int row = 0; row < weights.rows(); row++) {
                float[] values = readRow(in, weights.labels());
                for (int label = 0; label < values.length; label++) {
                    weights.set(row, label, values[label]);
                }
            }
            return weights;
        });
    }

    Prototypes prototypes(Settings settings) {
        return read(PROTOTYPES, bytes -> {
            requireSize(bytes, settings.labels().size() * (Float.BYTES + (long) settings.dimension()));
            ByteBuffer in = buffer(bytes);
            float[][] means = new float[settings.labels().size()][];
            for (int label = 0; label < means.length; label++) {
                means[label] = readRow(in, settings.dimension());
            }
            return new Prototypes(means, settings.dimension());
        });
    }

    ExampleStore examples(Settings settings) {
        return read(EXAMPLES, bytes -> {
            ByteBuffer in = buffer(bytes);
            int count = in.getInt();
            List<String> texts = new ArrayList<>();
            List<Integer> labels = new ArrayList<>();
            List<float[]> embeddings = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int label = in.getInt();
                if (label < 0 || label >= settings.labels().size()) {
                    throw new IllegalArgumentException("example " + i + " has a label that is not there");
                }
                labels.add(label);
                int length = in.getInt();
                if (length < 0 || length > in.remaining()) {
                    throw new IllegalArgumentException("example " + i + " is longer than the block");
                }
                byte[] text = new byte[length];
                in.get(text);
                texts.add(utf8(text));
                embeddings.add(readRow(in, settings.dimension()));
            }
            requireEnd(in);
            return new ExampleStore(List.copyOf(texts), List.copyOf(labels), List.copyOf(embeddings));
        });
    }

    private byte[] get(String name) {
        byte[] bytes = content.get(name);
        if (bytes == null) {
            throw ClassifierFile.damaged(source, "the list of blocks", "block " + name + " is missing", null);
        }
        return bytes;
    }

    private <T> T read(String name, Function<byte[], T> reader) {
        try {
            return reader.apply(get(name));
        } catch (IllegalArgumentException | BufferUnderflowException e) {
            throw ClassifierFile.damaged(source, "block " + name, "its content cannot be read", e);
        }
    }

    private float[] readFloats(String name, int length) {
        return read(name, bytes -> {
            requireSize(bytes, (long) length * Float.BYTES);
            ByteBuffer in = buffer(bytes);
            float[] values = new float[length];
            for (int i = 0; i < length; i++) {
                values[i] = finite(in.getFloat());
            }
            return values;
        });
    }

    private static byte[] json(Map<String, Object> value) {
        return CanonicalJson.write(value).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] floats(float[] values) {
        ByteBuffer out = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            out.putFloat(value);
        }
        return out.array();
    }

    private static byte[] weights(LinearWeights weights) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        float[] row = new float[weights.labels()];
        for (int i = 0; i < weights.rows(); i++) {
            for (int label = 0; label < row.length; label++) {
                row[label] = weights.get(i, label);
            }
            out.writeBytes(row(row));
        }
        return out.toByteArray();
    }

    private static byte[] prototypes(Prototypes prototypes, Settings settings) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int label = 0; label < settings.labels().size(); label++) {
            out.writeBytes(row(prototypes.mean(label)));
        }
        return out.toByteArray();
    }

    private static byte[] examples(ExampleStore examples) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(integer(examples.texts().size()));
        for (int i = 0; i < examples.texts().size(); i++) {
            byte[] text = examples.texts().get(i).getBytes(StandardCharsets.UTF_8);
            out.writeBytes(integer(examples.labels().get(i)));
            out.writeBytes(integer(text.length));
            out.writeBytes(text);
            out.writeBytes(row(examples.embeddings().get(i)));
        }
        return out.toByteArray();
    }

    /** Writes numbers as single bytes, scaled to the largest. */
    private static byte[] row(float[] values) {
        float most = 0;
        for (float value : values) {
            most = Math.max(most, Math.abs(value));
        }
        float scale = most / LARGEST;
        ByteBuffer out = ByteBuffer.allocate(Float.BYTES + values.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(scale);
        for (float value : values) {
            out.put((byte) (scale == 0 ? 0 : Math.round(value / scale)));
        }
        return out.array();
    }

    private static float[] readRow(ByteBuffer in, int length) {
        float scale = finite(in.getFloat());
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = scale * in.get();
        }
        return values;
    }

    private static float finite(float value) {
        if (!Float.isFinite(value)) {
            throw new IllegalArgumentException("a number is " + value);
        }
        return value;
    }

    private static byte[] integer(int value) {
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array();
    }

    private static ByteBuffer buffer(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Before memory is asked for: a damaged size may be below zero, or larger than all there is. */
    private static void requireSize(byte[] bytes, long size) {
        if (bytes.length != size) {
            throw new IllegalArgumentException(bytes.length + " bytes where " + size + " are due");
        }
    }

    private static void requireEnd(ByteBuffer in) {
        if (in.hasRemaining()) {
            throw new IllegalArgumentException(in.remaining() + " bytes are left over");
        }
    }

    private static String utf8(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
