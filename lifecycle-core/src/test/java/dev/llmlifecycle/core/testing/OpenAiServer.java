package dev.llmlifecycle.core.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * An HTTP server on loopback that speaks the OpenAI chat completions protocol, plain and streaming, and answers as its
 * test tells it to.
 *
 * <pre>{@code
 * try (OpenAiServer server = OpenAiServer.start().answer("Within 30 days.")) {
 *     ChatModel model = OpenAiChatModel.builder()
 *             .baseUrl(server.baseUrl())
 *             .apiKey(server.apiKey())
 *             .modelName("test-model")
 *             .build();
 *     String answer = model.chat("How long can I return it?");
 *     String sent = server.requests().get(0).lastUserText();
 * }
 * }</pre>
 *
 * <p>Queued replies go out first, one for each request in the order of arrival; then the function, if there is one;
 * then status 500 with a message that says so. A request with another key than {@link #apiKey()} gets status 401 and
 * uses up no reply.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class OpenAiServer implements AutoCloseable {

    /** The path under {@link #baseUrl()} that is served. */
    static final String PATH = "/v1/chat/completions";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration GRACE = Duration.ofSeconds(5);

    private static final Duration TIME_TO_READ = Duration.ofMillis(100);

    private final HttpServer server;
    private final ExecutorService executor;
    private final String apiKey;
    private final Queue<Reply> queue = new ConcurrentLinkedQueue<>();
    private final Queue<Request> requests = new ConcurrentLinkedQueue<>();
    private final AtomicInteger served = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final CompletableFuture<Void> abandoned = new CompletableFuture<>();
    private volatile Function<Request, Reply> otherwise =
            request -> new Reply.Failure(500, "the test scripted no reply for this request", Duration.ZERO);

    private OpenAiServer(HttpServer server, String apiKey) {
        this.server = server;
        this.apiKey = apiKey;
        this.executor = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "openai-server");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Starts a server that accepts the key {@code test-key}.
     *
     * @return the server, listening
     */
    public static OpenAiServer start() {
        return start("test-key");
    }

    /**
     * Starts a server on a free port.
     *
     * @param apiKey the key it accepts
     * @return the server, listening
     */
    public static OpenAiServer start(String apiKey) {
        Objects.requireNonNull(apiKey, "apiKey");
        try {
            InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
            HttpServer http = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
            OpenAiServer server = new OpenAiServer(http, apiKey);
            http.createContext("/", server::handle);
            http.setExecutor(server.executor);
            http.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException("Starting a server on loopback failed; check that a port is free", e);
        }
    }

    /**
     * Queues a whole answer.
     *
     * @param content the text
     * @return this server
     */
    public OpenAiServer answer(String content) {
        return answer(Reply.text(content));
    }

    /**
     * Queues a reply.
     *
     * @param reply what to do with the next request that has none yet
     * @return this server
     */
    public OpenAiServer answer(Reply reply) {
        queue.add(Objects.requireNonNull(reply, "reply"));
        return this;
    }

    /**
     * Sets what answers the requests for which nothing is queued.
     *
     * @param function from the request to the reply; called by several threads
     * @return this server
     */
    public OpenAiServer answerWith(Function<Request, Reply> function) {
        otherwise = Objects.requireNonNull(function, "function");
        return this;
    }

    /**
     * Returns the address to give to a client.
     *
     * @return ends in {@code /v1}
     */
    public String baseUrl() {
        return "http://127.0.0.1:" + port() + "/v1";
    }

    /**
     * Returns the port.
     *
     * @return the port on 127.0.0.1
     */
    public int port() {
        return server.getAddress().getPort();
    }

    /**
     * Returns the key that is accepted.
     *
     * @return the key
     */
    public String apiKey() {
        return apiKey;
    }

    /**
     * Returns the requests so far, those with a wrong key too.
     *
     * @return in the order of arrival
     */
    public List<Request> requests() {
        return List.copyOf(requests);
    }

    /**
     * Returns when a client has gone away from an endless stream.
     *
     * @return completed when it has been noticed for the first time
     */
    public CompletableFuture<Void> abandoned() {
        return abandoned.copy();
    }

    /**
     * Splits a text into the pieces that a stream sends: words, each with the white space after it.
     *
     * @param content the text
     * @return the pieces, which put together are the text
     */
    public static List<String> pieces(String content) {
        List<String> pieces = new ArrayList<>();
        int start = 0;
        for (int i = 1; i < content.length(); i++) {
            if (Character.isWhitespace(content.charAt(i - 1)) && !Character.isWhitespace(content.charAt(i))) {
                pieces.add(content.substring(start, i));
                start = i;
            }
        }
        if (start < content.length()) {
            pieces.add(content.substring(start));
        }
        return List.copyOf(pieces);
    }

    /** Ends stalled replies and stops listening. */
    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        executor.shutdown();
        try {
            if (!executor.awaitTermination(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (!exchange.getRequestURI().getPath().equals(PATH)) {
            fail(exchange, 404, "Unknown request URL; the path is " + PATH, "invalid_request_error");
            return;
        }
        if (!exchange.getRequestMethod().equals("POST")) {
            fail(exchange, 405, "Not allowed to " + exchange.getRequestMethod() + " here", "invalid_request_error");
            return;
        }
        Optional<JsonNode> parsed = parse(body);
        if (parsed.isEmpty() || !parsed.get().path("messages").isArray()) {
            fail(exchange, 400, "The body must be a JSON object with messages", "invalid_request_error");
            return;
        }
        String authorization =
                Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Authorization"), "");
        boolean authorized = authorization.equals("Bearer " + apiKey);
        Request request = new Request(parsed.get(), authorized);
        requests.add(request);
        if (!authorized) {
            fail(exchange, 401, "Incorrect API key provided", "invalid_api_key");
            return;
        }
        Reply queued = queue.poll();
        send(exchange, request, queued == null ? otherwise.apply(request) : queued);
    }

    private static Optional<JsonNode> parse(byte[] body) throws IOException {
        try {
            return Optional.of(JSON.readTree(body));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private void send(HttpExchange exchange, Request request, Reply reply) throws IOException {
        if (reply instanceof Reply.Text text) {
            pause(text.delay());
            if (request.stream()) {
                stream(exchange, request, text.content(), Optional.of(text.finishReason()));
            } else {
                sendWhole(exchange, 200, write(completion(request, text.content(), text.finishReason())));
            }
        } else if (reply instanceof Reply.Failure failure) {
            if (!failure.retryAfter().isZero()) {
                exchange.getResponseHeaders()
                        .set("Retry-After", Long.toString(failure.retryAfter().toSeconds()));
            }
            fail(exchange, failure.status(), failure.message(), "scripted");
        } else if (reply instanceof Reply.Raw raw) {
            if (request.stream()) {
                exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
                sendBytes(exchange, 200, "data: " + raw.body() + "\n\n");
            } else {
                sendWhole(exchange, 200, raw.body());
            }
        } else if (reply instanceof Reply.EmptyChoices) {
            sendEmptyChoices(exchange, request);
        } else if (reply instanceof Reply.Cut cut) {
            sendCut(exchange, request, cut);
        } else if (reply instanceof Reply.Endless endless) {
            sendEndless(exchange, request, endless);
        } else {
            pause(Duration.ofDays(1));
            exchange.close();
        }
    }

    private void sendEmptyChoices(HttpExchange exchange, Request request) throws IOException {
        if (request.stream()) {
            try (OutputStream out = startStream(exchange)) {
                event(out, write(skeleton("chat.completion.chunk", request)));
                event(out, "[DONE]");
            }
        } else {
            sendWhole(exchange, 200, write(skeleton("chat.completion", request)));
        }
    }

    private void sendEndless(HttpExchange exchange, Request request, Reply.Endless endless) throws IOException {
        ObjectNode chunk = chunk(request);
        delta(chunk).put("content", endless.piece());
        String event = write(chunk);
        OutputStream out = startStream(exchange);
        while (true) {
            try {
                event(out, event);
            } catch (IOException e) {
                abandoned.complete(null);
                throw e;
            }
            pause(endless.pause());
        }
    }

    private void sendCut(HttpExchange exchange, Request request, Reply.Cut cut) throws IOException {
        if (request.stream()) {
            String sent = String.join("", pieces(cut.content()).subList(0, cut.pieces()));
            stream(exchange, request, sent, Optional.empty());
        } else {
            byte[] bytes = write(completion(request, cut.content(), "stop")).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes, 0, bytes.length / 2);
            exchange.getResponseBody().flush();
        }
        // A client may drop what it has not handed on yet when the connection breaks, so it gets time to.
        pause(TIME_TO_READ);
        // The server drops the connection of a handler that fails: the client sees it break inside the body.
        throw new IOException("cut as scripted");
    }

    /** Streams an answer; without a finish reason it stops after the last piece and leaves the body open. */
    private void stream(HttpExchange exchange, Request request, String content, Optional<String> finishReason)
            throws IOException {
        OutputStream out = startStream(exchange);
        ObjectNode role = chunk(request);
        delta(role).put("role", "assistant").put("content", "");
        event(out, write(role));
        for (String piece : pieces(content)) {
            ObjectNode chunk = chunk(request);
            delta(chunk).put("content", piece);
            event(out, write(chunk));
        }
        if (finishReason.isPresent()) {
            ObjectNode finish = chunk(request);
            ((ObjectNode) finish.path("choices").get(0)).put("finish_reason", finishReason.get());
            event(out, write(finish));
            if (request.body().path("stream_options").path("include_usage").asBoolean()) {
                ObjectNode usage = skeleton("chat.completion.chunk", request);
                usage.set("usage", usage(request, content));
                event(out, write(usage));
            }
            event(out, "[DONE]");
            out.close();
        }
    }

    private static OutputStream startStream(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        return exchange.getResponseBody();
    }

    private static void event(OutputStream out, String data) throws IOException {
        out.write(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private ObjectNode skeleton(String object, Request request) {
        ObjectNode node = JSON.createObjectNode();
        node.put("id", "chatcmpl-" + served.incrementAndGet());
        node.put("object", object);
        node.put("created", 1_767_225_600L);
        node.put("model", request.model());
        node.putArray("choices");
        return node;
    }

    private ObjectNode completion(Request request, String content, String finishReason) {
        ObjectNode node = skeleton("chat.completion", request);
        ObjectNode choice = node.withArray("choices").addObject();
        choice.put("index", 0).put("finish_reason", finishReason);
        choice.putObject("message").put("role", "assistant").put("content", content);
        node.set("usage", usage(request, content));
        return node;
    }

    private ObjectNode chunk(Request request) {
        ObjectNode node = skeleton("chat.completion.chunk", request);
        ObjectNode choice = node.withArray("choices").addObject();
        choice.put("index", 0).putNull("finish_reason").putObject("delta");
        return node;
    }

    private static ObjectNode delta(ObjectNode chunk) {
        return (ObjectNode) chunk.path("choices").get(0).path("delta");
    }

    /** Counts pieces as tokens: no tokeniser's number, but the same one on every run. */
    private static ObjectNode usage(Request request, String content) {
        int input =
                request.texts().stream().mapToInt(text -> pieces(text).size()).sum();
        int output = pieces(content).size();
        return JSON.createObjectNode()
                .put("prompt_tokens", input)
                .put("completion_tokens", output)
                .put("total_tokens", input + output);
    }

    private static void fail(HttpExchange exchange, int status, String message, String code) throws IOException {
        ObjectNode body = JSON.createObjectNode();
        body.putObject("error")
                .put("message", message)
                .put("type", status == 429 ? "rate_limit_error" : "invalid_request_error")
                .putNull("param")
                .put("code", code);
        sendWhole(exchange, status, write(body));
    }

    private static void sendWhole(HttpExchange exchange, int status, String body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        sendBytes(exchange, status, body);
    }

    private static void sendBytes(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    private static String write(JsonNode node) throws IOException {
        return JSON.writeValueAsString(node);
    }

    private void pause(Duration duration) throws IOException {
        try {
            if (closed.await(duration.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("the server was closed while a reply waited");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a reply waited", e);
        }
    }

    /**
     * A request that arrived.
     *
     * <p>Immutable, as long as nobody changes {@code body}.
     *
     * @param body the parsed JSON
     * @param authorized whether it had the right key
     */
    public record Request(JsonNode body, boolean authorized) {

        /** Checks for null. */
        public Request {
            Objects.requireNonNull(body, "body");
        }

        /**
         * Returns the model that was asked for.
         *
         * @return its name, or an empty text
         */
        public String model() {
            return body.path("model").asText();
        }

        /**
         * Tells whether the answer is to be streamed.
         *
         * @return true for server-sent events
         */
        public boolean stream() {
            return body.path("stream").asBoolean();
        }

        /**
         * Returns the texts of all messages.
         *
         * @return in order
         */
        public List<String> texts() {
            List<String> texts = new ArrayList<>();
            body.path("messages").forEach(message -> texts.add(text(message)));
            return List.copyOf(texts);
        }

        /**
         * Returns the text of the last message from the user.
         *
         * @return the text, or an empty one
         */
        public String lastUserText() {
            String last = "";
            for (JsonNode message : body.path("messages")) {
                if (message.path("role").asText().equals("user")) {
                    last = text(message);
                }
            }
            return last;
        }

        /**
         * Returns the text of the first system message.
         *
         * @return the text, or an empty one
         */
        public String systemText() {
            for (JsonNode message : body.path("messages")) {
                if (message.path("role").asText().equals("system")) {
                    return text(message);
                }
            }
            return "";
        }

        /** A content is a text, or a list of parts of which some have a text. */
        private static String text(JsonNode message) {
            JsonNode content = message.path("content");
            if (content.isTextual()) {
                return content.asText();
            }
            StringBuilder text = new StringBuilder();
            content.forEach(part -> text.append(part.path("text").asText()));
            return text.toString();
        }
    }
}
