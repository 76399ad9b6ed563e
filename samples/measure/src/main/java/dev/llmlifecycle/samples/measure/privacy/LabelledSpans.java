package dev.llmlifecycle.samples.measure.privacy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.text.TextSpan;
import dev.llmlifecycle.core.validation.privacy.PersonalDataType;
import dev.llmlifecycle.samples.measure.data.DataRow;
import dev.llmlifecycle.samples.measure.task.MeasureContext;

/**
 * Texts with the places of personal data in them, half of them to look at and half to report on: the templates that the
 * texts were generated from are divided, so that no template is on both sides.
 */
final class LabelledSpans {

    static final String SET = "pii_presidio";

    /** The names of that set, and ours. Titles, ages, nationalities and dates in general are not looked for. */
    private static final Map<String, PersonalDataType> TYPES = Map.ofEntries(
            Map.entry("EMAIL_ADDRESS", PersonalDataType.EMAIL_ADDRESS),
            Map.entry("PHONE_NUMBER", PersonalDataType.PHONE_NUMBER),
            Map.entry("CREDIT_CARD", PersonalDataType.PAYMENT_CARD),
            Map.entry("IBAN_CODE", PersonalDataType.IBAN),
            Map.entry("US_SSN", PersonalDataType.NATIONAL_ID),
            Map.entry("US_DRIVER_LICENSE", PersonalDataType.NATIONAL_ID),
            Map.entry("IP_ADDRESS", PersonalDataType.IP_ADDRESS),
            Map.entry("DOMAIN_NAME", PersonalDataType.URL),
            Map.entry("PERSON", PersonalDataType.PERSON),
            Map.entry("GPE", PersonalDataType.LOCATION),
            Map.entry("ORGANIZATION", PersonalDataType.ORGANISATION),
            Map.entry("STREET_ADDRESS", PersonalDataType.ADDRESS),
            Map.entry("ZIP_CODE", PersonalDataType.ADDRESS),
            // As earlier sets of the same generator call them.
            Map.entry("EMAIL", PersonalDataType.EMAIL_ADDRESS),
            Map.entry("IBAN", PersonalDataType.IBAN),
            Map.entry("DOMAIN", PersonalDataType.URL),
            Map.entry("URL", PersonalDataType.URL),
            Map.entry("LOCATION", PersonalDataType.LOCATION),
            Map.entry("ADDRESS", PersonalDataType.ADDRESS),
            Map.entry("BIRTHDAY", PersonalDataType.DATE_OF_BIRTH));

    private LabelledSpans() {}

    /** A text with what a person or a generator marked in it. */
    record Text(String text, String template, List<Gold> gold) {}

    /** A marked place. */
    record Gold(PersonalDataType type, TextSpan span) {}

    static List<Text> report(MeasureContext context) {
        boolean apart = context.reportOn().isPresent();
        return context.report(SET).rows("full_text", "spans").stream()
                .map(LabelledSpans::text)
                .filter(text -> apart || !isTuning(text, context.seed()))
                .toList();
    }

    /** The half that may be looked at; nothing of it is reported. */
    private static boolean isTuning(Text text, long seed) {
        return Character.digit(Hash.ofUtf8(seed + ":" + text.template()).hex().charAt(1), 16) % 2 == 0;
    }

    private static Text text(DataRow row) {
        List<Gold> gold = new ArrayList<>();
        for (JsonNode span : row.json().path("spans")) {
            TextSpan place = new TextSpan(
                    span.path("start_position").asInt(),
                    span.path("end_position").asInt());
            Optional.ofNullable(TYPES.get(span.path("entity_type").asText()))
                    .ifPresent(type -> gold.add(new Gold(type, place)));
        }
        JsonNode template = row.json().path("template_id");
        return new Text(
                row.text("full_text"),
                template.isMissingNode() ? Integer.toString(row.line()) : template.asText(),
                List.copyOf(gold));
    }
}
