package dev.llmlifecycle.core.validation.privacy;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
final class PseudonymsTest {

    private static final PersonalDataScanner SCANNER = PersonalDataScanner.create();
    private static final PersonalDataScanner MAILBOXES = PersonalDataScanner.builder()
            .types(EnumSet.of(PersonalDataType.EMAIL_ADDRESS))
            .build();

    @Test
    @DisplayName("a value has one pseudonym in all texts of a conversation, and comes back")
    void isConsistent() {
        Pseudonyms table = new Pseudonyms(7);
        String first = table.pseudonymise("Write to anna@example.com or bo@example.com", MAILBOXES);
        String second = table.pseudonymise("ANNA@example.com did not answer", MAILBOXES);
        String anna = second.substring(0, second.indexOf(' '));
        assertThat(anna).matches("\\[EMAIL_ADDRESS_[A-Z]{6}]");
        assertThat(first).contains(anna).doesNotContain("anna").doesNotContain("bo@");
        assertThat(table.restore("I wrote to " + anna + ".")).isEqualTo("I wrote to anna@example.com.");
        assertThat(table.size()).isEqualTo(2);
    }

    @Test
    @DisplayName(
            "a pseudonym comes back without brackets, in small letters, with another divider and by its code alone")
    void restoresPartialEcho() {
        Pseudonyms table = new Pseudonyms(7);
        String name = table.pseudonymise("anna@example.com", MAILBOXES);
        String bare = name.substring(1, name.length() - 1);
        String code = bare.substring(bare.lastIndexOf('_') + 1);
        assertThat(table.restore(bare + "'s mailbox")).isEqualTo("anna@example.com's mailbox");
        assertThat(table.restore(name.toLowerCase(Locale.ROOT))).isEqualTo("anna@example.com");
        assertThat(table.restore("EMAIL\\_ADDRESS\\_" + code)).contains("anna@example.com");
        assertThat(table.restore("EMAIL ADDRESS " + code)).isEqualTo("anna@example.com");
        assertThat(table.restore("the one called " + code)).isEqualTo("the one called anna@example.com");
        assertThat(table.restore("[" + name)).isEqualTo("[anna@example.com");
        assertThat(table.restore(name.substring(0, name.length() - 1))).isEqualTo("anna@example.com");
        assertThat(table.restore(name + name)).isEqualTo("anna@example.comanna@example.com");
    }

    @Test
    @DisplayName("what was not issued stays as it is")
    void restoresOnlyWhatItIssued() {
        Pseudonyms table = new Pseudonyms(7);
        String other = new Pseudonyms(8).pseudonymise("eve@example.com", MAILBOXES);
        table.pseudonymise("anna@example.com", MAILBOXES);
        assertThat(table.restore(other)).isEqualTo(other);
        assertThat(table.restore("[EMAIL_ADDRESS_BCDFGH] and [PERSON_]"))
                .isEqualTo("[EMAIL_ADDRESS_BCDFGH] and [PERSON_]");
        assertThat(table.restore("")).isEmpty();
    }

    @Test
    @DisplayName("pseudonyms are no personal data themselves")
    void isNotFoundAgain() {
        Pseudonyms table = new Pseudonyms(7);
        String once = table.pseudonymise("Anna Svensson, anna@example.com, card 4111 1111 1111 1111", SCANNER);
        assertThat(table.pseudonymise(once, SCANNER)).isEqualTo(once);
    }

    @Test
    @DisplayName("a full table forgets what was used least recently")
    void isBounded() {
        Pseudonyms table = new Pseudonyms(7, 2);
        String first = table.pseudonymise("a@example.com", MAILBOXES);
        String second = table.pseudonymise("b@example.com", MAILBOXES);
        table.pseudonymise("a@example.com", MAILBOXES);
        table.pseudonymise("c@example.com", MAILBOXES);
        assertThat(table.size()).isEqualTo(2);
        assertThat(table.restore(first + second)).isEqualTo("a@example.com" + second);
    }

    @Test
    @DisplayName("threads share one pseudonym for one value")
    void isThreadSafe() {
        Pseudonyms table = new Pseudonyms(7);
        Set<String> names = ConcurrentHashMap.newKeySet();
        IntStream.range(0, 400)
                .parallel()
                .forEach(i -> names.add(table.pseudonymise("user" + i % 20 + "@example.com", MAILBOXES)));
        assertThat(names).hasSize(20);
        assertThat(table.size()).isEqualTo(20);
    }

    @Test
    @DisplayName("the seed decides the codes, and nothing personal is printed")
    void isDeterministic() {
        Pseudonyms table = new Pseudonyms(7);
        String name = table.pseudonymise("anna@example.com", MAILBOXES);
        assertThat(new Pseudonyms(7).pseudonymise("bo@example.com", MAILBOXES)).isEqualTo(name);
        assertThat(new Pseudonyms(9).pseudonymise("bo@example.com", MAILBOXES)).isNotEqualTo(name);
        assertThat(table.toString()).isEqualTo("Pseudonyms[1]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Pseudonyms(7, 0))
                .withMessage(
                        "the capacity of a table of pseudonyms must be in [1, 1000000] but was 0; 10000 is the default");
    }
}
