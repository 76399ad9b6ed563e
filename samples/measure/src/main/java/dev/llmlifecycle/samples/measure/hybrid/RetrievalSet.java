package dev.llmlifecycle.samples.measure.hybrid;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import dev.llmlifecycle.samples.measure.data.MissingDataException;

/**
 * Passages and questions of which it is known which passages are relevant.
 *
 * @param name the name of the set
 * @param language of the texts
 * @param passages texts by id
 * @param questions each with at least one relevant passage that is there
 */
record RetrievalSet(String name, Locale language, Map<String, String> passages, List<Question> questions) {

    /** Checks that there is something. */
    RetrievalSet {
        if (passages.isEmpty() || questions.isEmpty()) {
            throw new MissingDataException("Reading " + name + ": there are " + passages.size() + " passages and "
                    + questions.size() + " questions about them; put the files of the same part into one folder");
        }
    }

    /**
     * A question.
     *
     * @param group questions of one passage or conversation, which stay together when the set is split
     */
    record Question(String group, String text, Set<String> relevant) {}

    /** Returns the questions of every second group: those to learn from, or the others. */
    List<Question> half(boolean first) {
        Map<String, Integer> groups = new LinkedHashMap<>();
        List<Question> half = new ArrayList<>();
        for (Question question : questions) {
            int group = groups.computeIfAbsent(question.group(), any -> groups.size());
            if (group % 2 == (first ? 0 : 1)) {
                half.add(question);
            }
        }
        return half;
    }
}
