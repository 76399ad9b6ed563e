package dev.llmlifecycle.retrieval.vector;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import dev.llmlifecycle.api.retrieval.Passage;

/**
 * Which documents an ingestion changed, by the content of their passages.
 *
 * <p>Documents without passages are not counted.
 *
 * <p>Immutable.
 *
 * @param added the documents under a new source, with new content
 * @param changed the documents whose content is another
 * @param removed the documents that are no more
 * @param renamed the documents that have another source and the same content
 * @param unchanged the documents that are as they were
 * @since 0.1
 */
public record DocumentChanges(int added, int changed, int removed, int renamed, int unchanged) {

    static DocumentChanges between(Snapshot before, Snapshot after) {
        Map<String, List<String>> old = contents(before);
        Map<String, List<String>> now = contents(after);
        int changed = 0;
        int unchanged = 0;
        Map<List<String>, Deque<String>> gone = new HashMap<>();
        int removed = 0;
        for (Map.Entry<String, List<String>> document : old.entrySet()) {
            List<String> content = now.get(document.getKey());
            if (content == null) {
                removed++;
                gone.computeIfAbsent(document.getValue(), any -> new ArrayDeque<>())
                        .add(document.getKey());
            } else if (content.equals(document.getValue())) {
                unchanged++;
            } else {
                changed++;
            }
        }
        int added = 0;
        int renamed = 0;
        for (Map.Entry<String, List<String>> document : now.entrySet()) {
            if (!old.containsKey(document.getKey())) {
                Deque<String> same = gone.get(document.getValue());
                if (same != null && same.poll() != null) {
                    renamed++;
                } else {
                    added++;
                }
            }
        }
        return new DocumentChanges(added, changed, removed - renamed, renamed, unchanged);
    }

    /** Returns the headings and texts of each document's passages, in one order. */
    private static Map<String, List<String>> contents(Snapshot snapshot) {
        Map<String, List<String>> contents = new TreeMap<>();
        for (IndexedPassage passage : snapshot.passages()) {
            String source =
                    Objects.requireNonNullElse(passage.segment().metadata().getString(Passage.SOURCE), "");
            String heading =
                    Objects.requireNonNullElse(passage.segment().metadata().getString(Passage.HEADING), "");
            contents.computeIfAbsent(source, any -> new ArrayList<>())
                    .add(heading + "\n" + passage.segment().text());
        }
        contents.values().forEach(list -> list.sort(null));
        return contents;
    }
}
