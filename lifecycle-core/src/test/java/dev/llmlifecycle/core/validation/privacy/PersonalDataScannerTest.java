package dev.llmlifecycle.core.validation.privacy;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
final class PersonalDataScannerTest {

    private static final PersonalDataScanner SCANNER = PersonalDataScanner.create();

    /** Numbers that offices and standards print as examples, or that were computed from their rules. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "EMAIL_ADDRESS | email-address | anna.smith+news@example.co.uk | Write to anna.smith+news@example.co.uk.",
                "EMAIL_ADDRESS | email-address | müller@bücher.example | Mail müller@bücher.example please",
                "PHONE_NUMBER | phone-number | +44 20 7946 0958 | Our line is +44 20 7946 0958, all day",
                "PHONE_NUMBER | phone-number | (212) 555-0187 | Ring (212) 555-0187 at noon",
                "PHONE_NUMBER | phone-number | 212-555-0187 x12 | Call me: 212-555-0187 x12",
                "PAYMENT_CARD | visa | 4111 1111 1111 1111 | I paid with 4111 1111 1111 1111 today",
                "PAYMENT_CARD | amex | 378282246310005 | Amex 378282246310005",
                "PAYMENT_CARD | mastercard | 5555-5555-5555-4444 | card 5555-5555-5555-4444",
                "IBAN | iban | GB82 WEST 1234 5698 7654 32 | to GB82 WEST 1234 5698 7654 32, please",
                "IBAN | iban | de89370400440532013000 | my account de89370400440532013000",
                "NATIONAL_ID | us-ssn | 536-90-4399 | It is 536-90-4399",
                "NATIONAL_ID | us-ssn | 536904399 | My SSN: 536904399",
                "NATIONAL_ID | uk-nino | AB 12 34 56 C | number AB 12 34 56 C",
                "NATIONAL_ID | uk-nhs | 943 476 5919 | NHS number 943 476 5919",
                "NATIONAL_ID | de-tax | 86095742719 | Steuer-ID 86095742719",
                "NATIONAL_ID | fr-nir | 255081416802538 | NIR 255081416802538",
                "NATIONAL_ID | es-dni | 12345678Z | DNI 12345678Z",
                "NATIONAL_ID | es-nie | X1234567L | NIE X1234567L",
                "NATIONAL_ID | it-codice-fiscale | RSSMRA85T10A562S | CF RSSMRA85T10A562S",
                "NATIONAL_ID | nl-bsn | 111222333 | BSN 111222333",
                "NATIONAL_ID | pl-pesel | 44051401359 | PESEL 44051401359",
                "NATIONAL_ID | be-national | 85.07.30-033.28 | nummer 85.07.30-033.28",
                "NATIONAL_ID | se-personal | 811228-9874 | personnummer 811228-9874",
                "NATIONAL_ID | fi-hetu | 131052-308T | hetu 131052-308T",
                "NATIONAL_ID | ch-ahv | 756.9217.0769.85 | AHV 756.9217.0769.85",
                "NATIONAL_ID | br-cpf | 111.444.777-35 | CPF 111.444.777-35",
                "NATIONAL_ID | in-aadhaar | 2341 2341 2346 | Aadhaar 2341 2341 2346",
                "NATIONAL_ID | ca-sin | 046 454 286 | SIN 046 454 286",
                "NATIONAL_ID | au-tfn | 123 456 782 | TFN 123 456 782",
                "NATIONAL_ID | cn-resident | 11010519491231002X | id 11010519491231002X",
                "NATIONAL_ID | sg-nric | S1234567D | NRIC S1234567D",
                "NATIONAL_ID | tr-id | 10000000146 | TC kimlik 10000000146",
                "IP_ADDRESS | ipv4 | 192.168.17.4 | host 192.168.17.4 is down",
                "IP_ADDRESS | ipv6 | 2001:db8::ff00:42:8329 | host 2001:db8::ff00:42:8329 is down",
                "IP_ADDRESS | ipv6 | fe80::1 | on fe80::1 too",
                "MAC_ADDRESS | mac-address | 00:1A:2B:3C:4D:5E | card 00:1A:2B:3C:4D:5E",
                "URL | url | https://example.org/a?b=c | See https://example.org/a?b=c.",
                "URL | domain | www.example.de/x | See www.example.de/x",
                "CRYPTO_ADDRESS | bitcoin | 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa | to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa now",
                "CRYPTO_ADDRESS | bitcoin | bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4 | to bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
                "CRYPTO_ADDRESS | ethereum | 0x52908400098527886E0F7030069857D2E4169EE7 | to 0x52908400098527886E0F7030069857D2E4169EE7",
                "DATE_OF_BIRTH | date-of-birth | 12/04/1985 | Date of birth: 12/04/1985",
                "DATE_OF_BIRTH | date-of-birth | 3 March 1990 | She was born on 3 March 1990 in a village",
                "PERSON | person | Anna Svensson | I met Anna Svensson yesterday",
                "PERSON | person | O'Brien | I asked Dr. O'Brien about it",
                "LOCATION | location | New Zealand | She moved to New Zealand last year",
                "ORGANISATION | organisation | Acme Widgets Ltd | He works at Acme Widgets Ltd in sales",
                "ADDRESS | address | 221 Baker Street | I live at 221 Baker Street with him",
                "ADDRESS | address | Hauptstraße 12 | Ich wohne Hauptstraße 12 im Haus",
            })
    @DisplayName("each kind is found with its whole span and scheme")
    void findsEachKind(PersonalDataType type, String scheme, String value, String text) {
        assertThat(SCANNER.scan(text))
                .filteredOn(found -> found.type() == type)
                .singleElement()
                .satisfies(found -> {
                    assertThat(found.span().of(text)).isEqualTo(value);
                    assertThat(found.scheme()).isEqualTo(scheme);
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Order 4111 1111 1111 1112 shipped",
                "It weighs 3.14159 kg and costs 1299 euros in 2024",
                "Between 1999-2004 and on 2023-11-05 at 12:30:45",
                "std::vector and a::b are C++",
                "The area code 000-12-3456 was never given",
                "Version 1.2.3.4.5 is out",
                "@here is no mailbox, nor is a@b",
                "the password is never written down",
                "How do I open an account, and what does it cost?",
                ""
            })
    @DisplayName("what only looks alike is left alone")
    void leavesOthers(String text) {
        assertThat(SCANNER.scan(text)).isEmpty();
    }

    /** Put together here, so that no scanner of repositories takes them for real. */
    @Test
    @DisplayName("keys are known by the form of their issuer, by the name they are assigned to and by their entropy")
    void findsSecrets() {
        assertSecret("aws-access-key", "AKIA" + "IOSFODNN7EXAMPLE", "use %s here");
        assertSecret("github-token", "ghp_" + "a1B2c3D4".repeat(4) + "e5F6", "use %s here");
        assertSecret("slack-token", "xoxb-" + "123456789012-abcdefGHIJ", "use %s here");
        assertSecret("google-api-key", "AIza" + "SyA1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q", "use %s here");
        assertSecret("stripe-key", "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc", "use %s here");
        assertSecret(
                "json-web-token", "eyJ" + "hbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dBjftJeZ4CVPmB92K27u", "use %s here");
        assertSecret("connection-password", "s3cr3t!", "jdbc at postgres://app:%s@db.internal:5432/x");
        assertSecret("assigned-secret", "hunter2hunter", "DB_PASSWORD=%s");
        assertSecret("assigned-secret", "correct-horse9", "password: \"%s\"");
        assertSecret("random-key", "q8Zt3LmX0vBn7RkW2pYs5HdJ9cFg4TaE", "the value %s came back");
        String pem = "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIEow\n-----END RSA " + "PRIVATE KEY-----";
        assertSecret("private-key", pem, "keep %s away");
    }

    private static void assertSecret(String scheme, String secret, String pattern) {
        String text = pattern.formatted(secret);
        assertThat(SCANNER.scan(text))
                .filteredOn(found -> found.type() == PersonalDataType.SECRET)
                .singleElement()
                .satisfies(found -> {
                    assertThat(found.scheme()).isEqualTo(scheme);
                    assertThat(found.span().of(text)).isEqualTo(secret);
                });
    }

    @Test
    @DisplayName("characters that do not show, full-width forms and foreign digits hide nothing")
    void seesThroughDisguises() {
        String hidden = "jo\u200Bhn\u2060@exam\u00ADple.com";
        assertThat(SCANNER.scan(hidden)).singleElement().satisfies(found -> {
            assertThat(found.type()).isEqualTo(PersonalDataType.EMAIL_ADDRESS);
            assertThat(found.span().of(hidden)).isEqualTo(hidden);
        });
        assertThat(SCANNER.mask("card ４１１１ １１１１ １１１１ １１１１")).isEqualTo("card [PAYMENT_CARD]");
        assertThat(SCANNER.mask("card ٤١١١ ١١١١ ١١١١ ١١١١")).isEqualTo("card [PAYMENT_CARD]");
        assertThat(SCANNER.mask("card 4111\u202E 1111 1111 1111")).isEqualTo("card [PAYMENT_CARD]");
        assertThat(SCANNER.mask("SSN 536\u201190\u20114399")).isEqualTo("SSN [NATIONAL_ID]");
    }

    @Test
    @DisplayName("lone surrogates and tag characters harm nothing")
    void readsBrokenText() {
        String tag = new String(Character.toChars(0xE0041));
        assertThat(SCANNER.mask("\uD800 a@example.com \uDC00")).isEqualTo("\uD800 [EMAIL_ADDRESS] \uDC00");
        assertThat(SCANNER.mask("a" + tag + "@example.com\uD83D")).isEqualTo("[EMAIL_ADDRESS]\uD83D");
        assertThat(SCANNER.scan("\u200B\u200B")).isEmpty();
    }

    @Test
    @DisplayName("allowed values and mailboxes of an allowed domain pass, whatever their case")
    void letsAllowedPass() {
        PersonalDataScanner scanner = PersonalDataScanner.builder()
                .allow("Help@Acme.example")
                .allow("@corp.example")
                .build();
        assertThat(scanner.mask("help@acme.example, Bo@Corp.example, eve@evil.example"))
                .isEqualTo("help@acme.example, Bo@Corp.example, [EMAIL_ADDRESS]");
    }

    @Test
    @DisplayName("only the wanted types are found, above the wanted confidence")
    void findsWantedTypes() {
        String text = "Anna Svensson, anna@example.com";
        assertThat(PersonalDataScanner.builder()
                        .types(EnumSet.of(PersonalDataType.EMAIL_ADDRESS))
                        .build()
                        .mask(text))
                .isEqualTo("Anna Svensson, [EMAIL_ADDRESS]");
        assertThat(PersonalDataScanner.builder().minimumConfidence(0.95).build().mask(text))
                .isEqualTo("Anna Svensson, [EMAIL_ADDRESS]");
    }

    @Test
    @DisplayName("wrong settings are refused with what to do")
    void refusesWrongSettings() {
        PersonalDataScanner.Builder builder = PersonalDataScanner.builder();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.types(Set.of()))
                .withMessage("a scanner of personal data needs a type to look for but got none; name one or leave the"
                        + " default");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.minimumConfidence(Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.allow(" "));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.phoneRegions(List.of("usa")));
    }

    @Test
    @DisplayName("what decides the result is in the identity")
    void identityCoversSettings() {
        assertThat(PersonalDataScanner.create().identity()).isEqualTo(SCANNER.identity());
        assertThat(PersonalDataScanner.builder().allow("a@b.example").build().identity())
                .isNotEqualTo(SCANNER.identity());
        assertThat(PersonalDataScanner.builder()
                        .phoneRegions(List.of("DE"))
                        .build()
                        .identity())
                .isNotEqualTo(SCANNER.identity());
    }

    @Test
    @DisplayName("a telephone number is judged by the plan of its country")
    void knowsPlans() {
        PersonalDataScanner german =
                PersonalDataScanner.builder().phoneRegions(List.of("DE")).build();
        assertThat(german.mask("030 / 901820, bitte")).isEqualTo("[PHONE_NUMBER], bitte");
        assertThat(german.mask("+49 30 901820 bitte")).isEqualTo("[PHONE_NUMBER] bitte");
    }

    /** Counts the characters read, not the time. Each input asks for the worst of some part of the scanner. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "1 ",
                "1-",
                "1.",
                "12:",
                "a@",
                "@",
                "a.",
                "a-a.",
                "://",
                "http://",
                ":",
                "::",
                "aA ",
                "A ",
                "Aa, ",
                "x1",
                "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
                "eyJ.",
                "-----BEGIN ",
                "password=",
                "a:b@",
                "+1 (",
                "Mr. ",
                "1 Aa ",
                "\u200B",
                "\uD800",
                "name is ",
                "4111 ",
                "GB82 ",
                "'",
                "-",
                "Anna Smith "
            })
    @DisplayName("the work grows with the length of a text and with nothing else")
    void isLinear(String part) {
        long small = reads(part.repeat(20_000 / part.length()));
        long large = reads(part.repeat(200_000 / part.length()));
        assertThat(large).isLessThanOrEqualTo(small * 11);
        assertThat(large).isLessThan(200_000L * 150);
    }

    private static long reads(String text) {
        FoldedText folded = new FoldedText(text);
        SCANNER.scan(text, folded);
        return folded.reads();
    }

    @Test
    @DisplayName("ten million characters are read to the end")
    void readsLongTexts() {
        String text = "word ".repeat(2_000_000) + "a@example.com";
        assertThat(PersonalDataScanner.builder()
                        .types(EnumSet.of(PersonalDataType.EMAIL_ADDRESS))
                        .build()
                        .scan(text))
                .hasSize(1);
    }
}
