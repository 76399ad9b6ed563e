package dev.llmlifecycle.core.validation.privacy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.Validator;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What {@code docs/privacy.md} shows. */
@NullMarked
final class PrivacyGuideTest {

    private static final ValidationContext CONTEXT = ValidationContext.of("Who?", List.of());

    @Test
    void scans() {
        String text = "Anna Svensson paid with 4111 1111 1111 1111, write to anna@example.com";
        // docs:begin scan
        PersonalDataScanner scanner = PersonalDataScanner.builder()
                .phoneRegions(List.of("GB", "DE")) // numbers without a country code; default US and GB
                .allow("help@shop.example") // our own mailbox may pass
                .allow("@shop.example") // and all others of the domain
                .build();
        List<PersonalData> found = scanner.scan(text); // type, scheme, place, confidence: never the value
        String safe = scanner.mask(text); // [PERSON] paid with [PAYMENT_CARD], write to [EMAIL_ADDRESS]
        // docs:end scan
        assertThat(found).hasSize(3);
        assertThat(safe).isEqualTo("[PERSON] paid with [PAYMENT_CARD], write to [EMAIL_ADDRESS]");
    }

    @Test
    void validates() {
        // docs:begin validator
        Validator masks = PersonalDataValidator.builder().build();
        Validator noSecrets = PersonalDataValidator.builder()
                .scanner(PersonalDataScanner.builder()
                        .types(Set.of(PersonalDataType.SECRET))
                        .build())
                .refuses("Please leave passwords and keys out.")
                .build();
        // docs:end validator
        assertThat(masks.validate("mail anna@example.com", CONTEXT).findings()).hasSize(1);
        assertThat(noSecrets.validate("password=hunter2hunter", CONTEXT).findings())
                .hasSize(1);
    }

    @Test
    void pseudonymises() {
        Map<String, Pseudonyms> conversations = new ConcurrentHashMap<>();
        long seed = 7;
        PersonalDataScanner scanner = PersonalDataScanner.create();
        // docs:begin pseudonyms
        Pseudonyms table = new Pseudonyms(seed); // one for each conversation, with a seed nobody can guess
        String asked = table.pseudonymise("Tell Anna Svensson that I agree", scanner);
        // Tell [PERSON_…] that I agree: the same pseudonym in all turns
        String answer = "I will tell " + asked.substring(5, asked.indexOf(']') + 1) + ".";
        String shown = table.restore(answer); // I will tell Anna Svensson.
        // docs:end pseudonyms
        assertThat(shown).isEqualTo("I will tell Anna Svensson.");
        // docs:begin around
        Validator question = PersonalDataValidator.builder()
                .pseudonyms(context -> conversations.computeIfAbsent(
                        context.attributes().getOrDefault("conversation", ""), id -> new Pseudonyms(seed)))
                .build();
        Validator answers = PersonalDataValidator.restoring(context -> conversations.computeIfAbsent(
                context.attributes().getOrDefault("conversation", ""), id -> new Pseudonyms(seed))); // the last one
        // docs:end around
        assertThat(question.validate("Tell Anna Svensson", CONTEXT).findings()).hasSize(1);
        assertThat(answers.validate("Done.", CONTEXT).findings()).isEmpty();
    }
}
