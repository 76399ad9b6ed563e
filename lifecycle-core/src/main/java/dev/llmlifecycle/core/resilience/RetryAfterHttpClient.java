package dev.llmlifecycle.core.resilience;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/**
 * The JDK's HTTP client, which throws a {@link RetryAfterException} when an endpoint refuses with a {@code Retry-After}
 * header.
 *
 * <p>LangChain4j's exceptions keep status and body of a refusal, but no header; this client, put underneath, keeps the
 * wait. Thread-safe.
 *
 * <pre>{@code
 * OpenAiChatModel.builder()
 *         .httpClientBuilder(JdkHttpClient.builder().httpClientBuilder(RetryAfterHttpClient.builder()))
 *         ...
 * }</pre>
 *
 * @since 0.1
 */
public final class RetryAfterHttpClient extends HttpClient {

    private static final String HEADER = "Retry-After";
    private static final int FIRST_ERROR = 400;
    private static final Duration LONGEST = Duration.ofDays(365);

    private final HttpClient client;
    private final Clock clock;

    private RetryAfterHttpClient(HttpClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
    }

    /**
     * Starts a client with the JDK's defaults and the system's clock.
     *
     * @return a builder of such clients
     */
    public static HttpClient.Builder builder() {
        return builder(HttpClient.newBuilder(), Clock.systemUTC());
    }

    /**
     * Starts a client that is otherwise built by another builder.
     *
     * @param builder builds the client underneath
     * @param clock tells how far away a {@code Retry-After} date is
     * @return a builder of such clients
     */
    public static HttpClient.Builder builder(HttpClient.Builder builder, Clock clock) {
        return new ClientBuilder(Objects.requireNonNull(builder, "builder"), Objects.requireNonNull(clock, "clock"));
    }

    @Override
    public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler)
            throws IOException, InterruptedException {
        return check(client.send(request, handler));
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, BodyHandler<T> handler) {
        return client.sendAsync(request, handler).thenApply(this::check);
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpRequest request, BodyHandler<T> handler, PushPromiseHandler<T> pushes) {
        return client.sendAsync(request, handler, pushes).thenApply(this::check);
    }

    @Override
    public Optional<CookieHandler> cookieHandler() {
        return client.cookieHandler();
    }

    @Override
    public Optional<Duration> connectTimeout() {
        return client.connectTimeout();
    }

    @Override
    public Redirect followRedirects() {
        return client.followRedirects();
    }

    @Override
    public Optional<ProxySelector> proxy() {
        return client.proxy();
    }

    @Override
    public SSLContext sslContext() {
        return client.sslContext();
    }

    @Override
    public SSLParameters sslParameters() {
        return client.sslParameters();
    }

    @Override
    public Optional<Authenticator> authenticator() {
        return client.authenticator();
    }

    @Override
    public Version version() {
        return client.version();
    }

    @Override
    public Optional<Executor> executor() {
        return client.executor();
    }

    private <T> HttpResponse<T> check(HttpResponse<T> response) {
        if (response.statusCode() < FIRST_ERROR) {
            return response;
        }
        Optional<Duration> asked = response.headers().firstValue(HEADER).flatMap(this::parse);
        if (asked.isEmpty()) {
            return response;
        }
        if (response.body() instanceof InputStream body) {
            close(body);
        }
        throw new RetryAfterException(response.statusCode(), asked.get());
    }

    /** Reads seconds or a date, the two forms of RFC 9110; anything else is as good as no header. */
    private Optional<Duration> parse(String value) {
        String text = value.strip();
        try {
            Duration wait = text.chars().allMatch(Character::isDigit)
                    ? Duration.ofSeconds(Long.parseLong(text))
                    : Duration.between(clock.instant(), Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text)));
            Duration atMost = wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
            return Optional.of(wait.isNegative() ? Duration.ZERO : atMost);
        } catch (NumberFormatException | DateTimeException e) {
            return Optional.empty();
        }
    }

    private static void close(InputStream body) {
        try {
            body.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Closing the body of a refusal failed; look at the connection", e);
        }
    }

    private static final class ClientBuilder implements HttpClient.Builder {

        private final HttpClient.Builder builder;
        private final Clock clock;

        private ClientBuilder(HttpClient.Builder builder, Clock clock) {
            this.builder = builder;
            this.clock = clock;
        }

        @Override
        public HttpClient.Builder cookieHandler(CookieHandler cookieHandler) {
            builder.cookieHandler(cookieHandler);
            return this;
        }

        @Override
        public HttpClient.Builder connectTimeout(Duration timeout) {
            builder.connectTimeout(timeout);
            return this;
        }

        @Override
        public HttpClient.Builder sslContext(SSLContext context) {
            builder.sslContext(context);
            return this;
        }

        @Override
        public HttpClient.Builder sslParameters(SSLParameters parameters) {
            builder.sslParameters(parameters);
            return this;
        }

        @Override
        public HttpClient.Builder executor(Executor executor) {
            builder.executor(executor);
            return this;
        }

        @Override
        public HttpClient.Builder followRedirects(Redirect policy) {
            builder.followRedirects(policy);
            return this;
        }

        @Override
        public HttpClient.Builder version(Version version) {
            builder.version(version);
            return this;
        }

        @Override
        public HttpClient.Builder priority(int priority) {
            builder.priority(priority);
            return this;
        }

        @Override
        public HttpClient.Builder proxy(ProxySelector selector) {
            builder.proxy(selector);
            return this;
        }

        @Override
        public HttpClient.Builder authenticator(Authenticator authenticator) {
            builder.authenticator(authenticator);
            return this;
        }

        @Override
        public HttpClient build() {
            return new RetryAfterHttpClient(builder.build(), clock);
        }
    }
}
