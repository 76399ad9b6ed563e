package com.example.validators;

/** What the application calls; LangChain4j implements it. */
public interface Assistant {

    String answer(String question);
}
