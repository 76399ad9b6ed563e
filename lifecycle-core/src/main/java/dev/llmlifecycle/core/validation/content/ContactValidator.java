package dev.llmlifecycle.core.validation.content;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.Finding.Severity;
import dev.llmlifecycle.api.validation.Remedy;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationContext.Subject;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;
import dev.llmlifecycle.core.validation.privacy.PersonalData;
import dev.llmlifecycle.core.validation.privacy.PersonalDataScanner;
import dev.llmlifecycle.core.validation.privacy.PersonalDataType;
import org.jspecify.annotations.Nullable;

/** Notices addresses and telephone numbers that a model made up: those that nobody gave it. */
final class ContactValidator implements Validator {

    private static final String NAME = "contacts";
    private static final int COMPARED_DIGITS = 7;

    private final PersonalDataScanner scanner = PersonalDataScanner.builder()
            .types(Set.of(PersonalDataType.EMAIL_ADDRESS, PersonalDataType.PHONE_NUMBER, PersonalDataType.URL))
            .build();
    private final Identity identity =
            Identity.of(NAME, "1", Map.of("scanner", scanner.identity().toCanonical()));

    /** The sentences of one answer come one after the other with the same passages, so what is known is kept. */
    private volatile @Nullable Known last;

    ContactValidator() {}

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
        if (context.subject() != Subject.ANSWER || !mayHaveContacts(text)) {
            return ValidationOutcome.pass();
        }
        List<PersonalData> contacts = scanner.scan(text);
        if (contacts.isEmpty()) {
            return ValidationOutcome.pass();
        }
        Known known = known(context);
        List<Finding> findings = new ArrayList<>();
        for (PersonalData contact : contacts) {
            String value = contact.span().of(text);
            if (!known.has(contact.type(), value)) {
                findings.add(finding(contact, context.passages().isEmpty()));
            }
        }
        return ValidationOutcome.following(text, findings);
    }

    /** An address has a sign or a point within, and a telephone number has digits; most sentences have neither. */
    private static boolean mayHaveContacts(String text) {
        int digits = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            digits += Character.isDigit(c) ? 1 : 0;
            boolean within = i > 0 && i + 1 < text.length() && !Character.isWhitespace(text.charAt(i + 1));
            if (digits >= COMPARED_DIGITS || c > 0x7f || c == '@' || (within && (c == '.' || c == ':'))) {
                return true;
            }
        }
        return false;
    }

    private static Finding finding(PersonalData contact, boolean withoutSources) {
        String what = switch (contact.type()) {
            case EMAIL_ADDRESS -> "mail address";
            case PHONE_NUMBER -> "telephone number";
            default -> "web address";
        };
        return Finding.of(
                        NAME,
                        "unsupported-" + what.replace(' ', '-'),
                        withoutSources ? Severity.WARNING : Severity.ERROR,
                        "A " + what + " stands in no passage and not in the question")
                .withSpan(contact.span())
                .withConfidence(withoutSources ? 0.5 : 0.9 * contact.confidence())
                .withRemedy(new Remedy.AskAgain("Your answer gives a " + what
                        + " that stands in no passage. Answer again with addresses and numbers of the passages only."));
    }

    private Known known(ValidationContext context) {
        Known kept = last;
        if (kept != null && kept.isOf(context)) {
            return kept;
        }
        Known known = new Known(context, new HashSet<>(), new HashSet<>(), new HashSet<>());
        for (Passage passage : context.passages()) {
            add(passage.text(), known);
            add(passage.source(), known);
        }
        add(context.question(), known);
        context.prompt().ifPresent(prompt -> add(prompt, known));
        last = known;
        return known;
    }

    private void add(String text, Known known) {
        for (PersonalData data : scanner.scan(text)) {
            String value = data.span().of(text);
            switch (data.type()) {
                case EMAIL_ADDRESS -> {
                    known.mails().add(value.toLowerCase(Locale.ROOT));
                    known.pages().add(value.substring(value.indexOf('@') + 1).toLowerCase(Locale.ROOT));
                }
                case PHONE_NUMBER -> known.phones().add(lastDigits(value));
                default -> {
                    String page = page(value);
                    known.pages().add(page);
                    known.pages().add(host(page));
                }
            }
        }
    }

    /** Country and area codes are left out or added as one writes to whom. */
    private static String lastDigits(String phone) {
        StringBuilder digits = new StringBuilder();
        for (int i = phone.length() - 1; i >= 0 && digits.length() < COMPARED_DIGITS; i--) {
            if (Character.isDigit(phone.charAt(i))) {
                digits.append(Character.digit(phone.charAt(i), 10));
            }
        }
        return digits.toString();
    }

    private static String page(String address) {
        String page = address.toLowerCase(Locale.ROOT);
        int scheme = page.indexOf("://");
        page = scheme >= 0 ? page.substring(scheme + 3) : page;
        page = page.startsWith("www.") ? page.substring(4) : page;
        int fragment = page.indexOf('#');
        page = fragment >= 0 ? page.substring(0, fragment) : page;
        int end = page.length();
        while (end > 0 && "/.,*_".indexOf(page.charAt(end - 1)) >= 0) {
            end--;
        }
        return page.substring(0, end);
    }

    private static String host(String page) {
        int slash = page.indexOf('/');
        return slash < 0 ? page : page.substring(0, slash);
    }

    /** What the model was given. */
    private record Known(ValidationContext context, Set<String> mails, Set<String> phones, Set<String> pages) {

        boolean isOf(ValidationContext other) {
            return context.passages() == other.passages()
                    && context.question().equals(other.question())
                    && context.prompt().equals(other.prompt());
        }

        boolean has(PersonalDataType type, String value) {
            return switch (type) {
                case EMAIL_ADDRESS -> mails.contains(value.toLowerCase(Locale.ROOT));
                case PHONE_NUMBER -> phones.contains(lastDigits(value));
                default -> pages.contains(page(value));
            };
        }
    }
}
