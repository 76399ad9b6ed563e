package dev.llmlifecycle.core.validation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.text.TextSpan;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;

/** Finds the matches of a regular expression, in time linear in the text. */
final class PatternValidator implements Validator {

    private final String name;
    private final Pattern pattern;
    private final Identity identity;

    PatternValidator(String name, String regex) {
        this.name = name;
        try {
            this.pattern = Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "the pattern '" + name + "' is not a regular expression of RE2 (" + e.getDescription()
                            + "); look-around and back references are not",
                    e);
        }
        if (pattern.matcher("").find()) {
            throw new IllegalArgumentException("the pattern '" + name
                    + "' matches the empty text, so it would match everywhere; ask for a character");
        }
        this.identity = Identity.of(name, "1", Map.of("regex", regex));
    }

    @Override
    public Identity identity() {
        return identity;
    }

    @Override
    public Scope scope() {
        return Scope.SENTENCE;
    }

    @Override
    public ValidationOutcome validate(String text, ValidationContext context) {
        List<Finding> findings = new ArrayList<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            if (matcher.end() > matcher.start()) {
                findings.add(new Finding(
                        name,
                        "pattern-match",
                        Finding.Severity.ERROR,
                        "The pattern '" + name + "' matches a part of the text",
                        Optional.of(new TextSpan(matcher.start(), matcher.end()))));
            }
        }
        return ValidationOutcome.following(text, findings);
    }
}
