package com.example.retrieval;

/** What the application calls; LangChain4j implements it. */
public interface Assistant {

    String answer(String question);
}
