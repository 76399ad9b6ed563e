package dev.llmlifecycle.core.prompt;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import com.github.difflib.patch.AbstractDelta;
import com.github.difflib.patch.DeltaType;
import com.github.difflib.text.DiffRow;
import com.github.difflib.text.DiffRowGenerator;
import dev.langchain4j.model.TokenCountEstimator;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.PromptPart;
import dev.llmlifecycle.core.prompt.PromptComparison.TextChange;

/** Finds and shows the texts that differ between two templates. */
final class TextChanges {

    private static final int LINES_AROUND = 3;

    private TextChanges() {}

    static List<TextChange> between(ChatPromptTemplate before, ChatPromptTemplate after) {
        List<TextChange> changes = new ArrayList<>();
        messages(before.parts(), after.parts(), changes);
        partials(before.partials(), after.partials(), changes);
        return changes;
    }

    static int tokens(ChatPromptTemplate template, TokenCountEstimator estimator) {
        int tokens = 0;
        for (PromptPart part : template.parts()) {
            tokens += estimator.estimateTokenCountInText(text(part));
        }
        for (String partial : template.partials().values()) {
            tokens += estimator.estimateTokenCountInText(partial);
        }
        return tokens
                + template.outputSchema()
                        .map(estimator::estimateTokenCountInText)
                        .orElse(0);
    }

    static List<String> unified(TextChange change) {
        List<String> before = change.before().lines().toList();
        List<String> after = change.after().lines().toList();
        return List.copyOf(UnifiedDiffUtils.generateUnifiedDiff(
                change.place(), change.place(), before, DiffUtils.diff(before, after), LINES_AROUND));
    }

    static List<String> words(TextChange change) {
        return DiffRowGenerator.create()
                .showInlineDiffs(true)
                .mergeOriginalRevised(true)
                .inlineDiffByWord(true)
                .lineNormalizer(Function.identity()) // the library's own is for HTML
                .oldTag(opens -> opens ? "[-" : "-]")
                .newTag(opens -> opens ? "{+" : "+}")
                .build()
                .generateDiffRows(
                        change.before().lines().toList(), change.after().lines().toList())
                .stream()
                .map(DiffRow::getOldLine)
                .toList();
    }

    /** Pairs the parts of one kind, with as few as possible left over, and keeps the texts that differ. */
    private static void messages(List<PromptPart> before, List<PromptPart> after, List<TextChange> changes) {
        List<String> was = before.stream().map(PromptComparison::kind).toList();
        List<String> is = after.stream().map(PromptComparison::kind).toList();
        for (AbstractDelta<String> delta : DiffUtils.diff(was, is, true).getDeltas()) {
            int old = delta.getSource().getPosition();
            int now = delta.getTarget().getPosition();
            if (delta.getType() == DeltaType.EQUAL) {
                for (int i = 0; i < delta.getSource().size(); i++) {
                    change("message " + (now + i + 1), text(before.get(old + i)), text(after.get(now + i)), changes);
                }
            } else {
                for (int i = old; i < old + delta.getSource().size(); i++) {
                    change("message " + (i + 1) + " before", text(before.get(i)), "", changes);
                }
                for (int i = now; i < now + delta.getTarget().size(); i++) {
                    change("message " + (i + 1), "", text(after.get(i)), changes);
                }
            }
        }
    }

    private static void partials(Map<String, String> before, Map<String, String> after, List<TextChange> changes) {
        Set<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        for (String name : names) {
            change("partial '" + name + "'", before.getOrDefault(name, ""), after.getOrDefault(name, ""), changes);
        }
    }

    private static void change(String place, String before, String after, List<TextChange> changes) {
        if (!before.equals(after)) {
            changes.add(new TextChange(place, before, after));
        }
    }

    private static String text(PromptPart part) {
        return part instanceof PromptPart.Message message ? message.template() : "";
    }
}
