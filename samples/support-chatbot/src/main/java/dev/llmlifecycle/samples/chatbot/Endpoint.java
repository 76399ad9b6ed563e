package dev.llmlifecycle.samples.chatbot;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Optional;

/** A model endpoint that speaks the OpenAI protocol, as the environment names it. */
record Endpoint(String baseUrl, String apiKey, String model) {

    static final String KEY = "OPENAI_API_KEY";
    static final String BASE_URL = "OPENAI_BASE_URL";
    static final String MODEL = "OPENAI_MODEL";

    private static final String DEFAULT_BASE_URL = "https://api.openai.com/v1";
    private static final String DEFAULT_MODEL = "gpt-4o-mini";
    /** What servers on one's own machine, which ask for no key, are sent. */
    private static final String NO_KEY = "none";

    /** Returns the endpoint, or nothing when neither a key nor a base URL is set; blank counts as not set. */
    static Optional<Endpoint> of(Map<String, String> env) {
        Optional<String> key = value(env, KEY);
        Optional<String> baseUrl = value(env, BASE_URL);
        if (key.isEmpty() && baseUrl.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Endpoint(
                checked(baseUrl.orElse(DEFAULT_BASE_URL)),
                key.orElse(NO_KEY),
                value(env, MODEL).orElse(DEFAULT_MODEL)));
    }

    /** Returns the address as people may see it. */
    String host() {
        URI uri = URI.create(baseUrl);
        return uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
    }

    /** Returns model and host, never the key. */
    @Override
    public String toString() {
        return model + " at " + host();
    }

    private static Optional<String> value(Map<String, String> env, String name) {
        return Optional.ofNullable(env.get(name)).map(String::strip).filter(value -> !value.isEmpty());
    }

    private static String checked(String baseUrl) {
        URI uri;
        try {
            uri = new URI(baseUrl);
        } catch (URISyntaxException e) {
            throw wrong("is no URL");
        }
        if (uri.getUserInfo() != null) {
            throw wrong("holds a user or password");
        }
        boolean web = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
        if (!web || uri.getHost() == null) {
            throw wrong("is no http or https URL");
        }
        return baseUrl;
    }

    private static WrongInputException wrong(String problem) {
        return new WrongInputException(
                BASE_URL + " " + problem + "; set it to an address such as http://localhost:11434/v1");
    }
}
