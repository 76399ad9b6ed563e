package com.example.support;

import java.util.List;
import java.util.Map;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;

/** Stands where your client of an endpoint would, so that this project can record without one. */
final class CannedModel implements ChatModel {

    private static final Map<String, String> ANSWERS = Map.of(
            "refund take", "A refund takes five working days after your parcel has arrived.",
            "money back", "The money goes back to the card you paid with.",
            "opened bag", "Beans cannot be returned once the bag is open.",
            "return label", "For faulty goods we pay for the label, otherwise it costs 4.90 euros.");

    @Override
    public ChatResponse doChat(ChatRequest request) {
        UserMessage last = (UserMessage) request.messages().get(request.messages().size() - 1);
        List<String> answers = ANSWERS.entrySet().stream()
                .filter(answer -> last.singleText().contains(answer.getKey()))
                .map(Map.Entry::getValue)
                .toList();
        String text = answers.isEmpty() ? "The documents do not answer this." : answers.get(0);
        return ChatResponse.builder()
                .aiMessage(AiMessage.from(text))
                .tokenUsage(new TokenUsage(120, text.length() / 4))
                .finishReason(FinishReason.STOP)
                .build();
    }
}
