package dev.llmlifecycle.core.validation.content;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.Finding.Severity;
import dev.llmlifecycle.api.validation.Remedy;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationContext.Subject;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;
import org.jspecify.annotations.Nullable;

/** Checks the code blocks of an answer: that they are closed, and that JSON, XML and brackets are well-formed. */
final class CodeBlockValidator implements Validator {

    private static final String NAME = "code-blocks";
    private static final Set<String> XML = Set.of("xml", "svg", "xsd", "xsl", "xslt", "pom", "wsdl");
    private static final String AGAIN = " of your answer is not well-formed. Answer again and write it whole.";

    private final JsonFactory json = new JsonFactory();
    private final Identity identity = Identity.of(NAME, "1");

    CodeBlockValidator() {}

    @Override
    public Identity identity() {
        return identity;
    }

    @Override
    public ValidationOutcome validate(String text, ValidationContext context) {
        if (context.subject() != Subject.ANSWER) {
            return ValidationOutcome.pass();
        }
        List<Finding> findings = new ArrayList<>();
        for (FencedCode block : FencedCode.in(text)) {
            if (!block.closed()) {
                findings.add(Finding.of(NAME, "unclosed-code-block", Severity.ERROR, "A code block is not closed")
                        .withSpan(block.block())
                        .withRemedy(new Remedy.Rewrite(text + (text.endsWith("\n") ? "" : "\n") + fence(text, block))));
            } else if (!block.code().of(text).isBlank()) {
                judge(text, block).ifPresent(findings::add);
            }
        }
        return ValidationOutcome.following(text, findings);
    }

    private static String fence(String text, FencedCode block) {
        int start = block.block().start();
        while (Character.isWhitespace(text.charAt(start))) {
            start++;
        }
        int end = start;
        while (end < text.length() && text.charAt(end) == text.charAt(start)) {
            end++;
        }
        return text.substring(start, end);
    }

    private Optional<Finding> judge(String text, FencedCode block) {
        String code = block.code().of(text);
        if (block.language().equals("json")) {
            return jsonProblem(code)
                    .map(problem -> finding("invalid-json", Severity.ERROR, block, "The JSON", problem, 1));
        }
        if (XML.contains(block.language())) {
            return XmlTags.problem(code)
                    .map(problem -> finding("invalid-xml", Severity.ERROR, block, "The XML", problem, 0.95));
        }
        @Nullable BracketRules rules = BracketRules.of(block.language());
        // Code is often a part of something, so a bracket without its partner is worth a look and no more.
        return rules == null
                ? Optional.empty()
                : rules.problem(code)
                        .map(problem -> finding("unbalanced-code", Severity.WARNING, block, "The code", problem, 0.8));
    }

    private static Finding finding(
            String code, Severity severity, FencedCode block, String what, String problem, double confidence) {
        return Finding.of(NAME, code, severity, what + " of a code block is not well-formed: " + problem)
                .withSpan(block.block())
                .withConfidence(confidence)
                .withRemedy(new Remedy.AskAgain(what + " in a code block" + AGAIN));
    }

    /** Several documents in one block are an example of each, so they may follow one another. */
    private Optional<String> jsonProblem(String code) {
        try (JsonParser parser = json.createParser(code)) {
            while (parser.nextToken() != null) {
                // Reading is the check.
            }
            return Optional.empty();
        } catch (JsonProcessingException e) {
            // Jackson's message quotes the text, so only the place is told.
            return Optional.of(
                    "line " + (e.getLocation() == null ? 1 : e.getLocation().getLineNr()));
        } catch (IOException e) {
            throw new IllegalStateException("a text could not be read; report this", e);
        }
    }
}
