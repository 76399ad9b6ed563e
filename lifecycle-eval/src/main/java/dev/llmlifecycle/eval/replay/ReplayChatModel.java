package dev.llmlifecycle.eval.replay;

import java.util.Set;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.llmlifecycle.api.identity.Identified;
import dev.llmlifecycle.api.identity.Identity;

/**
 * A chat model that records what another answers into a {@link Cassette}, and replays it.
 *
 * <p>It has the identity of the model that it records, and the capabilities too, also where it replays without it. Of a
 * response it keeps message, finish reason, model name and token counts. Listeners of the recorded model hear of calls
 * that reach it, once.
 *
 * <p>Thread-safe when the recorded model is.
 *
 * @since 0.1
 */
public final class ReplayChatModel implements ChatModel, Identified {

    private final Track<ChatModel> track;
    private final ChatJson json;

    ReplayChatModel(Track<ChatModel> track, ChatJson json) {
        this.track = track;
        this.json = json;
    }

    /** Returns the identity of the recorded model. */
    @Override
    public Identity identity() {
        return track.key().identity();
    }

    /**
     * Answers from the cassette or the model, as the mode says.
     *
     * @throws NotRecordedException when the request was not recorded and must not leave; it shows how the nearest
     *     recorded request differs
     */
    @Override
    public ChatResponse chat(ChatRequest request, ChatRequestOptions options) {
        Track.Ask ask = track.ask(json.request(request));
        if (ask.recorded().isPresent()) {
            return ChatJson.response(ask.recorded().get());
        }
        ChatResponse response = track.model(ask).chat(request, options);
        track.record(ask, json.response(response));
        return response;
    }

    @Override
    public ChatResponse doChat(ChatRequest request) {
        return chat(request, ChatRequestOptions.EMPTY);
    }

    @Override
    public ChatRequestParameters defaultRequestParameters() {
        return track.model().map(ChatModel::defaultRequestParameters).orElse(DefaultChatRequestParameters.EMPTY);
    }

    @Override
    public ModelProvider provider() {
        return track.model().map(ChatModel::provider).orElse(ModelProvider.OTHER);
    }

    @Override
    public Set<Capability> supportedCapabilities() {
        return track.capabilities();
    }
}
