package dev.llmlifecycle.core.prompt;

/** Where in an answer a value stands. Keys of maps are text of the answer, so they do not stand in the path. */
record OutputPlace(String type, String path) {

    OutputPlace property(String name) {
        return new OutputPlace(type, path + "." + name);
    }

    OutputPlace item(int index) {
        return new OutputPlace(type, path + "[" + index + "]");
    }

    OutputPlace entry() {
        return property("*");
    }

    UnreadableOutputException wrong(String found) {
        return new UnreadableOutputException(type, path, found);
    }
}
