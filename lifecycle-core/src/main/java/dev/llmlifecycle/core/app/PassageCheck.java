package dev.llmlifecycle.core.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.api.app.Question;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.core.validation.internal.ValidatorChain;

/** Checks retrieved passages one by one: what is refused is left out, what is rewritten goes on as rewritten. */
final class PassageCheck {

    private PassageCheck() {}

    static List<Passage> passages(
            ValidatorChain validators, List<Passage> retrieved, Question question, Run run, Map<String, String> step) {
        ValidationSteps.name(validators, step);
        List<Passage> kept = new ArrayList<>();
        List<String> dropped = new ArrayList<>();
        List<String> rewritten = new ArrayList<>();
        for (Passage passage : retrieved) {
            if (passage.text().isBlank()) {
                kept.add(passage);
                continue;
            }
            ValidationContext context = new ValidationContext(
                            question.text(),
                            List.of(passage),
                            question.tenant(),
                            question.locale(),
                            question.attributes())
                    .withSubject(ValidationContext.Subject.PASSAGE);
            ValidatorChain.Result result = validators.run(passage.text(), text -> context, run::found);
            if (result.refusal().isPresent()) {
                dropped.add(passage.id());
            } else if (result.text().equals(passage.text())) {
                kept.add(passage);
            } else {
                rewritten.add(passage.id());
                kept.add(new Passage(
                        passage.id(),
                        TextSegment.from(result.text(), passage.segment().metadata()),
                        passage.score()));
            }
        }
        step.put("passages", Integer.toString(kept.size()));
        put(step, "dropped", dropped);
        put(step, "rewritten", rewritten);
        return List.copyOf(kept);
    }

    private static void put(Map<String, String> step, String name, List<String> ids) {
        if (!ids.isEmpty()) {
            step.put(name, String.join(", ", ids));
        }
    }
}
