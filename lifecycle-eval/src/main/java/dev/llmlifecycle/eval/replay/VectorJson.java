package dev.llmlifecycle.eval.replay;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Vectors as one line of JSON: Base64 of their 32-bit floats, little-endian, so that every bit comes back. */
final class VectorJson {

    private VectorJson() {}

    static ObjectNode write(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return JsonNodeFactory.instance
                .objectNode()
                .put("dimension", vector.length)
                .put("vector", Base64.getEncoder().encodeToString(bytes.array()));
    }

    /** Reads a vector, or throws {@link IllegalArgumentException}. */
    static float[] read(JsonNode json) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(json.path("vector").asText());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the response's 'vector' is not Base64", e);
        }
        if (bytes.length == 0 || bytes.length != json.path("dimension").asLong(-1) * Float.BYTES) {
            throw new IllegalArgumentException("the response's 'vector' does not have the 'dimension' it declares");
        }
        float[] vector = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
        for (float value : vector) {
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException("the response's 'vector' has a value that is not finite");
            }
        }
        return vector;
    }
}
