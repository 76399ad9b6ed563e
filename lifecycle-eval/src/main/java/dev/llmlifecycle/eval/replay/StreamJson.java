package dev.llmlifecycle.eval.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.llmlifecycle.core.langchain4j.internal.RecordedStream;
import dev.llmlifecycle.core.langchain4j.internal.StreamPiece;

/**
 * Streamed responses as JSON: the whole answer as an unstreamed one, and in {@code pieces} how it was cut. An element
 * of it is a run of pieces of one kind by their lengths, such as {@code "text 4 5 12"}, {@code "thinking 40"},
 * {@code "tool 0 9 3"} or {@code "tool 0 end"}. So the answer reads as a text, and how a provider cut it this time is
 * one line of a diff. Without {@code pieces} each kind comes in one piece.
 */
final class StreamJson {

    private static final String PIECES = "pieces";

    private StreamJson() {}

    /** Adds to a response, as {@link ChatJson} wrote it, how it was cut. */
    static ObjectNode write(ObjectNode response, List<StreamPiece> pieces) {
        Map<String, String> whole = whole(ChatJson.response(response).aiMessage());
        Map<String, StringBuilder> joined = new TreeMap<>();
        pieces.forEach(piece -> joined.computeIfAbsent(channel(piece), unused -> new StringBuilder())
                .append(piece.text()));
        ArrayNode runs = response.putArray(PIECES);
        StringBuilder run = new StringBuilder();
        String open = "";
        for (StreamPiece piece : pieces) {
            String channel = channel(piece);
            String text = whole.get(channel);
            StringBuilder sent = joined.get(channel);
            if (text == null || sent == null) {
                continue;
            }
            boolean end = piece.kind() == StreamPiece.Kind.TOOL_CALL_END;
            if (!end && (text.isEmpty() || sent.isEmpty())) {
                continue;
            }
            if (end || !channel.equals(open)) {
                flush(run, runs);
                run.append(channel);
                open = end ? "" : channel;
            }
            if (end) {
                run.append(" end");
            } else if (text.contentEquals(sent)) {
                run.append(' ').append(piece.text().length());
            } else {
                // What was scrubbed, or trimmed by the provider, cannot be cut as it was.
                run.append(' ').append(text.length());
                sent.setLength(0);
            }
        }
        flush(run, runs);
        return response;
    }

    /** Reads a streamed response, or throws {@link IllegalArgumentException}. */
    static RecordedStream read(JsonNode json) {
        ChatResponse response = ChatJson.response(json);
        Map<String, String> whole = whole(response.aiMessage());
        if (!json.has(PIECES)) {
            return new RecordedStream(uncut(whole), response);
        }
        List<StreamPiece> pieces = new ArrayList<>();
        Map<String, Integer> positions = new TreeMap<>();
        for (JsonNode run : json.path(PIECES)) {
            readRun(run.asText(), whole, positions, pieces);
        }
        positions.forEach((channel, end) -> {
            if (end != whole.getOrDefault(channel, "").length()) {
                throw unfitting();
            }
        });
        return new RecordedStream(pieces, response);
    }

    private static void readRun(
            String run, Map<String, String> whole, Map<String, Integer> positions, List<StreamPiece> pieces) {
        String[] words = run.split(" ", -1);
        boolean tool = words[0].equals("tool") && words.length > 1;
        String channel = tool ? words[0] + ' ' + words[1] : words[0];
        String text = whole.get(channel);
        if (text == null) {
            throw unfitting();
        }
        int index = tool ? number(words[1]) : 0;
        StreamPiece.Kind kind = tool
                ? StreamPiece.Kind.TOOL_CALL
                : channel.equals("text") ? StreamPiece.Kind.TEXT : StreamPiece.Kind.THINKING;
        for (int i = tool ? 2 : 1; i < words.length; i++) {
            if (tool && words[i].equals("end")) {
                pieces.add(new StreamPiece(StreamPiece.Kind.TOOL_CALL_END, index, ""));
                continue;
            }
            int from = positions.getOrDefault(channel, 0);
            int to = from + number(words[i]);
            if (to > text.length()) {
                throw unfitting();
            }
            pieces.add(new StreamPiece(kind, index, text.substring(from, to)));
            positions.put(channel, to);
        }
    }

    private static List<StreamPiece> uncut(Map<String, String> whole) {
        List<StreamPiece> pieces = new ArrayList<>();
        whole.forEach((channel, text) -> {
            StreamPiece.Kind kind = switch (channel) {
                case "text" -> StreamPiece.Kind.TEXT;
                case "thinking" -> StreamPiece.Kind.THINKING;
                default -> StreamPiece.Kind.TOOL_CALL;
            };
            boolean tool = kind == StreamPiece.Kind.TOOL_CALL;
            int index = tool ? number(channel.substring("tool ".length())) : 0;
            if (!text.isEmpty()) {
                pieces.add(new StreamPiece(kind, index, text));
            }
            if (tool) {
                pieces.add(new StreamPiece(StreamPiece.Kind.TOOL_CALL_END, index, ""));
            }
        });
        pieces.sort((one, other) -> Integer.compare(rank(one), rank(other)));
        return pieces;
    }

    /** Thinking comes before text and text before tools; tools stay in their order. */
    private static int rank(StreamPiece piece) {
        return switch (piece.kind()) {
            case THINKING -> 0;
            case TEXT -> 1;
            case TOOL_CALL, TOOL_CALL_END -> 2;
        };
    }

    private static Map<String, String> whole(AiMessage message) {
        Map<String, String> whole = new TreeMap<>();
        if (message.text() != null) {
            whole.put("text", message.text());
        }
        if (message.thinking() != null) {
            whole.put("thinking", message.thinking());
        }
        List<ToolExecutionRequest> tools = message.toolExecutionRequests();
        for (int i = 0; tools != null && i < tools.size(); i++) {
            String arguments = tools.get(i).arguments();
            whole.put("tool " + i, arguments == null ? "" : arguments);
        }
        return whole;
    }

    private static String channel(StreamPiece piece) {
        return switch (piece.kind()) {
            case TEXT -> "text";
            case THINKING -> "thinking";
            case TOOL_CALL, TOOL_CALL_END -> "tool " + piece.index();
        };
    }

    private static void flush(StringBuilder run, ArrayNode runs) {
        if (!run.isEmpty()) {
            runs.add(run.toString());
            run.setLength(0);
        }
    }

    private static int number(String word) {
        if (!word.matches("\\d{1,8}")) {
            throw unfitting();
        }
        return Integer.parseInt(word);
    }

    private static IllegalArgumentException unfitting() {
        return new IllegalArgumentException(
                "the 'pieces' do not add up to the response, remove them to replay it in" + " one piece");
    }
}
