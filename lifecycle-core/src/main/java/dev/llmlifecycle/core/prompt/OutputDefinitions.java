package dev.llmlifecycle.core.prompt;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The records of one schema that hold themselves, which stand apart and are referred to. */
final class OutputDefinitions {

    private final OutputShape.Properties root;
    private final Map<OutputShape.Properties, String> names = new HashMap<>();
    private final Set<String> taken = new HashSet<>();
    private final ObjectNode definitions = JsonNodeFactory.instance.objectNode();

    private OutputDefinitions(OutputShape.Properties root) {
        this.root = root;
    }

    static ObjectNode schema(OutputShape.Properties root) {
        OutputDefinitions definitions = new OutputDefinitions(root);
        ObjectNode schema = root.body(definitions);
        if (!definitions.definitions.isEmpty()) {
            schema.set("$defs", definitions.definitions);
        }
        return schema;
    }

    ObjectNode reference(OutputShape.Properties shape) {
        if (shape == root) {
            return reference("#");
        }
        String name = names.get(shape);
        if (name == null) {
            name = freeName(shape.name());
            names.put(shape, name);
            definitions.putNull(name); // takes its place in the order of first use
            definitions.set(name, shape.body(this));
        }
        return reference("#/$defs/" + name);
    }

    private String freeName(String wanted) {
        String name = wanted;
        for (int number = 2; !taken.add(name); number++) {
            name = wanted + number;
        }
        return name;
    }

    private static ObjectNode reference(String target) {
        return JsonNodeFactory.instance.objectNode().put("$ref", target);
    }
}
