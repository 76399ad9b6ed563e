package dev.llmlifecycle.retrieval.routing;

import dev.llmlifecycle.api.classify.Classification;

/** Names of intents as paths. */
final class Groups {

    private Groups() {}

    /** Returns the group that an intent is in, empty for none. */
    static String parent(String intent) {
        int end = intent.lastIndexOf(Classification.SEPARATOR);
        return end < 0 ? "" : intent.substring(0, end);
    }

    static boolean contains(String group, String intent) {
        return intent.equals(group)
                || (intent.length() > group.length()
                        && intent.startsWith(group)
                        && intent.charAt(group.length()) == Classification.SEPARATOR);
    }
}
