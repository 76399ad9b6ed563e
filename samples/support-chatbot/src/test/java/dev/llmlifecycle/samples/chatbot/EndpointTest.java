package dev.llmlifecycle.samples.chatbot;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

final class EndpointTest {

    @Test
    void thereIsNoneWithoutKeyAndBaseUrl() {
        assertThat(Endpoint.of(Map.of())).isEmpty();
        assertThat(Endpoint.of(Map.of("OPENAI_API_KEY", " ", "OPENAI_BASE_URL", "", "OPENAI_MODEL", "some-model")))
                .isEmpty();
    }

    @Test
    void aKeyAloneMeansTheDefaultAddressAndModel() {
        assertThat(Endpoint.of(Map.of("OPENAI_API_KEY", "secret")))
                .contains(new Endpoint("https://api.openai.com/v1", "secret", "gpt-4o-mini"));
    }

    @Test
    void anAddressAloneIsAServerThatAsksForNoKey() {
        assertThat(Endpoint.of(Map.of("OPENAI_BASE_URL", "http://localhost:11434/v1", "OPENAI_MODEL", "llama")))
                .contains(new Endpoint("http://localhost:11434/v1", "none", "llama"));
    }

    @Test
    void neverShowsItsKey() {
        Endpoint endpoint = new Endpoint("http://localhost:11434/v1", "secret", "llama");

        assertThat(endpoint).hasToString("llama at localhost:11434");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:11434", "ftp://host/v1", "/v1", "http://", "not a url"})
    void refusesWhatIsNoWebAddress(String baseUrl) {
        assertThatExceptionOfType(WrongInputException.class)
                .isThrownBy(() -> Endpoint.of(Map.of("OPENAI_BASE_URL", baseUrl)))
                .withMessageStartingWith("OPENAI_BASE_URL is no")
                .withMessageEndingWith("; set it to an address such as http://localhost:11434/v1");
    }

    @Test
    void refusesAnAddressThatHoldsAPasswordWithoutRepeatingIt() {
        assertThatExceptionOfType(WrongInputException.class)
                .isThrownBy(() -> Endpoint.of(Map.of("OPENAI_BASE_URL", "https://user:hunter2@host/v1")))
                .withMessage("OPENAI_BASE_URL holds a user or password; set it to an address such as"
                        + " http://localhost:11434/v1");
    }
}
