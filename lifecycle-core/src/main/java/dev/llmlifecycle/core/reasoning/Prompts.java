package dev.llmlifecycle.core.reasoning;

import java.util.ArrayList;
import java.util.List;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormatType;

/** Changes rendered prompts without breaking the turns that chat templates expect. */
final class Prompts {

    static final String STEP_BY_STEP =
            "Think step by step, one short step a line, numbered. Then write the answer alone"
                    + " behind \"Answer:\" in a new line.";
    static final String PLAN = "First understand the question and make a plan: a numbered list of steps. Then carry out"
            + " the plan step by step, with the values you need and every calculation. Then write the answer alone behind"
            + " \"Answer:\" in a new line.";
    static final String CONCLUDE = "So write the answer alone behind \"Answer:\" and nothing else.";

    private Prompts() {}

    /** Tells whether the host asked for JSON, so that nothing may stand before the answer. */
    static boolean isStructured(ChatRequest request) {
        return request.responseFormat() != null && request.responseFormat().type() == ResponseFormatType.JSON;
    }

    /** Adds an instruction to the last message of the user, or as one. */
    static ChatRequest with(ChatRequest request, String instruction) {
        List<ChatMessage> messages = new ArrayList<>(request.messages());
        int last = messages.size() - 1;
        if (messages.get(last) instanceof UserMessage user) {
            List<Content> contents = new ArrayList<>(user.contents());
            if (contents.size() == 1 && contents.get(0) instanceof TextContent text) {
                contents.set(0, TextContent.from(text.text() + "\n\n" + instruction));
            } else {
                contents.add(TextContent.from(instruction));
            }
            messages.set(last, user.toBuilder().contents(contents).build());
        } else {
            messages.add(UserMessage.from(instruction));
        }
        return request.toBuilder().messages(messages).build();
    }

    /** Adds what the model said, and what it is told to that. */
    static ChatRequest after(ChatRequest request, String said, String instruction) {
        List<ChatMessage> messages = new ArrayList<>(request.messages());
        messages.add(AiMessage.from(said.isBlank() ? "…" : said));
        messages.add(UserMessage.from(instruction));
        return request.toBuilder().messages(messages).build();
    }

    /** Lets samples differ, where the host did not say how much. */
    static ChatRequest sampled(ChatRequest request, double temperature) {
        return request.temperature() == null
                ? request.toBuilder().temperature(temperature).build()
                : request;
    }

    /** Returns the text of the last message of the user. */
    static String question(ChatRequest request) {
        for (int i = request.messages().size() - 1; i >= 0; i--) {
            if (request.messages().get(i) instanceof UserMessage user) {
                return text(user);
            }
        }
        return "";
    }

    static String text(ChatMessage message) {
        if (message instanceof UserMessage user) {
            StringBuilder text = new StringBuilder();
            for (Content content : user.contents()) {
                if (content instanceof TextContent part) {
                    text.append(text.length() > 0 ? "\n" : "").append(part.text());
                }
            }
            return text.toString();
        }
        if (message instanceof SystemMessage system) {
            return system.text();
        }
        if (message instanceof AiMessage ai) {
            return ai.text() == null ? "" : ai.text();
        }
        if (message instanceof ToolExecutionResultMessage result) {
            return result.text();
        }
        return "";
    }
}
