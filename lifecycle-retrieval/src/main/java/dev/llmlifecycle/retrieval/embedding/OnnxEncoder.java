package dev.llmlifecycle.retrieval.embedding;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.langchain4j.model.embedding.onnx.PoolingMode;
import dev.llmlifecycle.api.LifecycleException;

/** Runs tokens through a BERT-like ONNX model, on the calling thread. */
final class OnnxEncoder implements AutoCloseable {

    private static final String IDS = "input_ids";
    private static final String MASK = "attention_mask";
    private static final String TYPES = "token_type_ids";

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final HuggingFaceTokenizer tokenizer;
    private final PoolingMode pooling;
    private final int dimension;

    OnnxEncoder(byte[] model, byte[] tokenizer, Optional<PoolingMode> pooling) {
        this.pooling = pooling.orElse(PoolingMode.MEAN);
        try {
            this.tokenizer =
                    HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(tokenizer), Map.of("padding", "false"));
        } catch (IOException | RuntimeException e) {
            throw new LifecycleException(
                    "Loading the tokenizer of an embedding model failed; give the model's tokenizer.json", e);
        }
        this.environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            // One thread for each call: threads of its own would wait for each other by spinning.
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            this.session = environment.createSession(model, options);
            NodeInfo output = session.getOutputInfo().values().iterator().next();
            long[] shape = output.getInfo() instanceof TensorInfo tensor ? tensor.getShape() : new long[0];
            if (shape.length != 3 || shape[2] < 1) {
                throw new LifecycleException("Loading an embedding model failed: its output '" + output.getName()
                        + "' is not one vector for each token; give a sentence encoder that ends before its pooling");
            }
            this.dimension = (int) shape[2];
        } catch (OrtException e) {
            throw new LifecycleException("Loading an embedding model failed; check that the file is an ONNX model", e);
        }
    }

    int dimension() {
        return dimension;
    }

    long[] tokens(String text) {
        return tokenizer.encode(text).getIds();
    }

    /** Returns the vectors of texts, each of length one; shorter texts are padded. */
    List<float[]> encode(List<long[]> texts) {
        int longest = texts.stream().mapToInt(text -> text.length).max().orElse(0);
        Map<String, OnnxTensor> inputs = new HashMap<>();
        try {
            inputs.put(IDS, tensor(texts, longest, (text, i) -> i < text.length ? text[i] : 0));
            inputs.put(MASK, tensor(texts, longest, (text, i) -> i < text.length ? 1L : 0L));
            if (session.getInputNames().contains(TYPES)) {
                inputs.put(TYPES, tensor(texts, longest, (text, i) -> 0L));
            }
            try (OrtSession.Result result = session.run(inputs)) {
                FloatBuffer states = ((OnnxTensor) result.get(0)).getFloatBuffer();
                List<float[]> vectors = new ArrayList<>();
                for (int i = 0; i < texts.size(); i++) {
                    int pooled = pooling == PoolingMode.CLS ? 1 : texts.get(i).length;
                    vectors.add(mean(states, i * longest * dimension, pooled));
                }
                return vectors;
            }
        } catch (OrtException e) {
            throw new LifecycleException(
                    "Embedding " + texts.size() + " texts of up to " + longest
                            + " tokens failed; check that model and tokenizer belong together",
                    e);
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private OnnxTensor tensor(List<long[]> texts, int longest, BiFunction<long[], Integer, Long> value)
            throws OrtException {
        LongBuffer values = ByteBuffer.allocateDirect(texts.size() * longest * Long.BYTES)
                .order(ByteOrder.nativeOrder())
                .asLongBuffer();
        for (long[] text : texts) {
            for (int i = 0; i < longest; i++) {
                values.put(value.apply(text, i));
            }
        }
        return OnnxTensor.createTensor(environment, values.flip(), new long[] {texts.size(), longest});
    }

    /** Returns the mean of some rows of the states, at length one. */
    private float[] mean(FloatBuffer states, int start, int rows) {
        float[] mean = new float[dimension];
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < dimension; i++) {
                mean[i] += states.get(start + row * dimension + i);
            }
        }
        double squares = 0;
        for (float value : mean) {
            squares += (double) value * value;
        }
        double length = Math.sqrt(squares);
        for (int i = 0; length > 0 && i < dimension; i++) {
            mean[i] = (float) (mean[i] / length);
        }
        return mean;
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new LifecycleException("Closing an embedding model failed; the process keeps its memory", e);
        } finally {
            tokenizer.close();
        }
    }
}
