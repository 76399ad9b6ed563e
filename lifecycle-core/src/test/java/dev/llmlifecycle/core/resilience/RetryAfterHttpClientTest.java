package dev.llmlifecycle.core.resilience;

import java.io.IOException;
import java.io.InputStream;
import java.net.CookieManager;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

final class RetryAfterHttpClientTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);

    private final HttpClient client =
            RetryAfterHttpClient.builder(HttpClient.newBuilder(), CLOCK).build();
    private HttpServer server;
    private String header = "";
    private int status = 429;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 0);
        server.createContext("/", exchange -> {
            if (!header.isEmpty()) {
                exchange.getResponseHeaders().set("Retry-After", header);
            }
            exchange.sendResponseHeaders(status, 0);
            exchange.getResponseBody().write("slow down".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @ParameterizedTest
    @CsvSource({
        "7, 7",
        "' 0 ', 0",
        "'Thu, 01 Jan 2026 00:01:30 GMT', 90",
        "'Wed, 31 Dec 2025 23:00:00 GMT', 0",
        "999999999999, 31536000"
    })
    void readsSecondsAndDates(String value, long seconds) {
        header = value;

        assertThatExceptionOfType(RetryAfterException.class)
                .isThrownBy(() -> client.send(request(), BodyHandlers.ofString()))
                .withMessage(
                        "Sending a request was answered with status 429; wait " + seconds + " s as the endpoint asks")
                .satisfies(failure -> assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(seconds)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-5", "1.5", "99999999999999999999", "Thu, 99 Jan 2026 00:01:30 GMT"})
    void anythingElseIsNoHeader(String value) throws Exception {
        header = value;

        HttpResponse<String> response = client.send(request(), BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(response.body()).isEqualTo("slow down");
    }

    @Test
    void aSuccessIsNoRefusal() throws Exception {
        header = "7";
        status = 200;

        assertThat(client.send(request(), BodyHandlers.ofString()).body()).isEqualTo("slow down");
    }

    @Test
    void asynchronousCallsFailTheSameWay() {
        header = "7";
        status = 503;

        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(() -> client.sendAsync(request(), BodyHandlers.ofInputStream())
                        .join())
                .satisfies(failure ->
                        assertThat(RetryAfterException.waitOf(failure)).contains(Duration.ofSeconds(7)));
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(() -> client.sendAsync(request(), BodyHandlers.ofString(), null)
                        .join())
                .withCauseInstanceOf(RetryAfterException.class);
    }

    @Test
    void isBuiltAsTheClientUnderneath() throws NoSuchAlgorithmException {
        CookieManager cookies = new CookieManager();
        ProxySelector proxies = ProxySelector.of(null);
        SSLContext context = SSLContext.getDefault();
        Executor executor = Runnable::run;
        java.net.Authenticator authenticator = new java.net.Authenticator() {};

        HttpClient built = RetryAfterHttpClient.builder()
                .cookieHandler(cookies)
                .connectTimeout(Duration.ofSeconds(3))
                .sslContext(context)
                .sslParameters(new SSLParameters(new String[] {"TLS_AES_128_GCM_SHA256"}))
                .executor(executor)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .version(HttpClient.Version.HTTP_1_1)
                .priority(7)
                .proxy(proxies)
                .authenticator(authenticator)
                .build();

        assertThat(built).isInstanceOf(RetryAfterHttpClient.class);
        assertThat(built.cookieHandler()).contains(cookies);
        assertThat(built.connectTimeout()).contains(Duration.ofSeconds(3));
        assertThat(built.sslContext()).isSameAs(context);
        assertThat(built.sslParameters().getCipherSuites()).containsExactly("TLS_AES_128_GCM_SHA256");
        assertThat(built.executor()).contains(executor);
        assertThat(built.followRedirects()).isEqualTo(HttpClient.Redirect.NORMAL);
        assertThat(built.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        assertThat(built.proxy()).contains(proxies);
        assertThat(built.authenticator()).contains(authenticator);
    }

    @Test
    void theBodyOfARefusalIsClosed() {
        header = "7";

        assertThatExceptionOfType(RetryAfterException.class).isThrownBy(() -> {
            HttpResponse<InputStream> unexpected = client.send(request(), BodyHandlers.ofInputStream());
            unexpected.body().close();
        });
    }

    private HttpRequest request() {
        return HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/"))
                .timeout(Duration.ofSeconds(20))
                .build();
    }
}
