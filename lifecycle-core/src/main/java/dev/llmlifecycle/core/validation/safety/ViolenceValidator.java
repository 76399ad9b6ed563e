package dev.llmlifecycle.core.validation.safety;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.text.TextSpan;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.Remedy;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;

/**
 * Refuses English texts that threaten people, call for violence against them, or ask how to do it.
 *
 * <p>Four codes: {@code violent-threat}, {@code violent-incitement}, {@code violent-wish} and {@code violent-request}.
 * They are forms of words and no classifier, since the labelled texts whose licence allows to learn from them were too
 * few: what is found is mostly right, and most of what is violent is not found, above all descriptions. The figures
 * stand in the documentation of safety; a {@code SafetyJudge} sees more.
 *
 * <p>Thread-safe; linear in the length of the text.
 *
 * @since 0.1
 */
public final class ViolenceValidator implements Validator {

    private static final String NAME = "violence";
    private static final String REASON = "The text was withheld for what it is about.";

    private static final String HARM =
            "(?:kill|murder|shoot|stab|strangle|behead|slaughter|torture|rape|hang|lynch|execute"
                    + "|beat up|beat the (?:hell|shit|crap) out of|cut the throats? of|break the (?:legs?|neck|bones) of|burn alive)";
    private static final String HARMED =
            "(?:killed|murdered|shot|stabbed|beheaded|slaughtered|tortured|raped|hanged|lynched"
                    + "|executed|exterminated|gassed|burned alive|beaten to death)";
    private static final String PERSON =
            "(?:you|him|her|them|(?:you|they) all|all of (?:you|them|those)|everyone|everybody"
                    + "|someone|somebody|a (?:person|man|woman|child|neighbou?r|cop|police officer)|people"
                    + "|(?:my|your|his|her|their) (?:ex|wife|husband|girlfriend|boyfriend|boss|neighbou?r|teacher|kids?|children|family"
                    + "|mother|father|parents|colleagues?|classmates?))";

    private static final List<Form> FORMS = List.of(
            new Form(
                    "violent-threat",
                    "\\b(?:i|we)(?:(?:['’]ll| will| shall| would| want to| wanna| am going to| are going to)|['’](?:m|re) (?:going to|gonna))"
                            + " (?:\\w+ )?" + HARM + " " + PERSON + "\\b"),
            new Form(
                    "violent-incitement",
                    "(?:^|[.!?]\\s+|\\b(?:let['’]?s|we (?:must|should|need to|have to)|go and|please) )" + HARM
                            + " (?:them all|all (?:of )?(?:the |those )?\\w+|every(?:one|body| last one))\\b"),
            new Form(
                    "violent-wish",
                    "\\b(?:(?:should|must|ought to|need to|deserves? to) (?:all )?be " + HARMED
                            + "|deserves? to (?:die|suffer and die)|hope (?:you|he|she|they) (?:all )?(?:dies?|gets? "
                            + HARMED
                            + "))\\b"),
            new Form(
                    "violent-request",
                    "\\b(?:how (?:do|can|could|would|should|to)|ways? to|best way to|help me(?: to)?|tell me how to|steps to)"
                            + " (?:i |we |you |one )?(?:\\w+ )?(?:" + HARM + "|poison|kidnap|blow up|bomb) " + PERSON
                            + "\\b"));

    private final Identity identity = Identity.of(NAME, "1", Map.of());

    /** Creates the validator. */
    public ViolenceValidator() {}

    @Override
    public Identity identity() {
        return identity;
    }

    @Override
    public ValidationOutcome validate(String text, ValidationContext context) {
        List<Finding> findings = new ArrayList<>();
        for (Form form : FORMS) {
            Matcher matcher = form.pattern().matcher(text);
            if (matcher.find()) {
                findings.add(new Finding(
                        NAME,
                        form.code(),
                        Finding.Severity.ERROR,
                        "The text speaks of violence against people",
                        Optional.of(new TextSpan(matcher.start(), matcher.end())),
                        1,
                        Optional.empty(),
                        new Remedy.Refuse(REASON)));
            }
        }
        return ValidationOutcome.following(text, findings);
    }

    private record Form(String code, Pattern pattern) {

        Form(String code, String expression) {
            this(code, Pattern.compile("(?i)" + expression));
        }
    }
}
