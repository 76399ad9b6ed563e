package dev.llmlifecycle.eval.experiment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.llmlifecycle.api.data.Dataset;
import dev.llmlifecycle.api.experiment.VerdictPolicy;
import dev.llmlifecycle.core.internal.JsonObject;

/** What results are results of; a file of results begins with it. */
record RunHeader(Dataset dataset, VerdictPolicy policy, List<Arm> arms, int repeats, long seed) {

    static final int FORMAT = 1;
    static final String TYPE = "experiment";
    static final String START = "{\"format\":" + FORMAT + ",\"type\":\"" + TYPE + "\"";

    /** The names under which lines know the arms, whatever reports call them. */
    static final List<String> ROLES = List.of("baseline", "candidate");

    Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("format", FORMAT);
        json.put("type", TYPE);
        json.putAll(fields());
        return json;
    }

    /** Says what differs from the header of a file, empty where nothing does. */
    List<String> differences(JsonObject header) {
        List<String> differences = new ArrayList<>();
        fields().forEach((field, value) -> {
            String theirs = header.text(field);
            if (!theirs.equals(value)) {
                differences.add(field + " " + shortened(theirs) + " and not " + shortened(value));
            }
        });
        return differences;
    }

    private Map<String, String> fields() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("dataset", dataset.hash().hex());
        fields.put("policy", policy.hash().hex());
        for (int i = 0; i < ROLES.size(); i++) {
            fields.put(ROLES.get(i), arms.get(i).name());
            fields.put(ROLES.get(i) + "Release", arms.get(i).release().hex());
        }
        fields.put("repeats", Integer.toString(repeats));
        fields.put("seed", Long.toString(seed));
        return fields;
    }

    private static String shortened(String value) {
        return value.length() == 64 ? value.substring(0, 12) : value;
    }
}
