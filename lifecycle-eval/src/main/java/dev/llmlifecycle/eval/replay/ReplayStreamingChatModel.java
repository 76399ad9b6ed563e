package dev.llmlifecycle.eval.replay;

import java.util.Set;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.llmlifecycle.api.identity.Identified;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.core.langchain4j.internal.StreamRecorder;

/**
 * A streaming chat model that records what another sends into a {@link Cassette}, and replays it in the same pieces:
 * text, thinking and tool calls.
 *
 * <p>What is replayed is sent on the calling thread, without the pauses it had. A stream is recorded once it is
 * complete; one that failed or was cancelled is not, and raw events of a provider are passed on and not recorded. A
 * request that was not recorded and must not leave is the handler's error, a {@link NotRecordedException}.
 *
 * <p>It describes itself as {@link ReplayChatModel} does. Thread-safe when the recorded model is.
 *
 * @since 0.1
 */
public final class ReplayStreamingChatModel implements StreamingChatModel, Identified {

    private final Track<StreamingChatModel> track;
    private final ChatJson json;

    ReplayStreamingChatModel(Track<StreamingChatModel> track, ChatJson json) {
        this.track = track;
        this.json = json;
    }

    /** Returns the identity of the recorded model. */
    @Override
    public Identity identity() {
        return track.key().identity();
    }

    @Override
    public void chat(ChatRequest request, StreamingChatResponseHandler handler) {
        chat(request, ChatRequestOptions.EMPTY, handler);
    }

    @Override
    public void chat(ChatRequest request, ChatRequestOptions options, StreamingChatResponseHandler handler) {
        Track.Ask ask = track.ask(json.request(request));
        if (ask.recorded().isPresent()) {
            StreamJson.read(ask.recorded().get()).sendTo(handler);
            return;
        }
        StreamingChatModel model;
        try {
            model = track.model(ask);
        } catch (NotRecordedException e) {
            handler.onError(e);
            return;
        }
        model.chat(
                request,
                options,
                new StreamRecorder(
                        handler,
                        (pieces, response) -> track.record(ask, StreamJson.write(json.response(response), pieces))));
    }

    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        chat(request, ChatRequestOptions.EMPTY, handler);
    }

    @Override
    public ChatRequestParameters defaultRequestParameters() {
        return track.model()
                .map(StreamingChatModel::defaultRequestParameters)
                .orElse(DefaultChatRequestParameters.EMPTY);
    }

    @Override
    public ModelProvider provider() {
        return track.model().map(StreamingChatModel::provider).orElse(ModelProvider.OTHER);
    }

    @Override
    public Set<Capability> supportedCapabilities() {
        return track.capabilities();
    }
}
