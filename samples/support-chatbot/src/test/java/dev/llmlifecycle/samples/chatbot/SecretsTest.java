package dev.llmlifecycle.samples.chatbot;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

final class SecretsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "my password is hunter22",
                "PIN: 4711",
                "api_key=abc",
                "here is sk-proj-abcdefgh1234",
                "ghp_abcdefgh1234 does not work",
                "AKIAABCDEFGHIJKLMNOP",
                "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.abc",
                "my card 4111 1111 1111 1111 was refused",
                "4111-1111-1111-1111",
                "pay to DE89 3704 0044 0532 0130 00 please"
            })
    void keysPasswordsCardsAndAccountsAreSeen(String line) {
        assertThat(Secrets.standIn(line)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "How long does a refund take?",
                "i clicked the forgot pasword thing, how long is it good for?",
                "Does a password need 12 characters?",
                "order TL123456789 of 24 November 2026",
                "My number is +49 40 66969 120",
                "/bad the price is 4.90 EUR, not 5.90 EUR"
            })
    void questionsAreNot(String line) {
        assertThat(Secrets.standIn(line)).isFalse();
    }
}
