package dev.llmlifecycle.core.monitoring;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import dev.llmlifecycle.api.monitoring.Feedback;
import dev.llmlifecycle.api.monitoring.Interaction;
import dev.llmlifecycle.api.monitoring.RecordedInteraction;
import org.jspecify.annotations.Nullable;

/**
 * Reads the parts of a log as they were when the scan was made.
 *
 * <p>Feedback may stand in any part, before or after its interaction. So interactions are read in groups of whole
 * parts: first their ids, of which a hash is kept, then the feedback on them from all parts, then the interactions
 * themselves. That holds four bytes for each interaction of a group and the feedback on them, however large the log is.
 */
final class LogScan {

    /** How many interactions make a group full; a log of fewer is read three times. */
    static final int GROUP = 1_000_000;

    private final List<LogPart> parts;
    private final int maxLineBytes;
    private final Consumer<Damage> onDamage;

    LogScan(LogFiles files, int maxLineBytes, Consumer<Damage> onDamage) {
        this.parts = files.parts();
        this.maxLineBytes = maxLineBytes;
        this.onDamage = onDamage;
    }

    /** Hands out every line that is whole, in order; damage is reported. */
    void lines(LineConsumer consumer) {
        parts.forEach(part -> lines(part, consumer, onDamage));
    }

    /** Reads an interaction, the last of those that have the id, and all feedback on it. */
    Optional<RecordedInteraction> find(String id) {
        Interaction[] found = new Interaction[1];
        List<Feedback> feedback = new ArrayList<>();
        lines(bytes -> {
            LogLines.Head head = LogLines.head(bytes);
            if (head.id().equals(id) && head.isInteraction()) {
                found[0] = LogLines.readInteraction(LogLines.parse(bytes));
            } else if (head.id().equals(id) && head.isFeedback()) {
                feedback.add(LogLines.readFeedback(LogLines.parse(bytes)));
            }
        });
        return Optional.ofNullable(found[0]).map(interaction -> new RecordedInteraction(interaction, feedback));
    }

    /** Reads the interactions of a span of time with their feedback, lazily. */
    Stream<RecordedInteraction> joined(TimeSpan span, int group) {
        Joined joined = new Joined(span, group);
        return StreamSupport.stream(
                        Spliterators.spliteratorUnknownSize(joined, Spliterator.ORDERED | Spliterator.NONNULL), false)
                .onClose(joined::close);
    }

    private void lines(LogPart part, LineConsumer consumer, Consumer<Damage> damaged) {
        part.open(maxLineBytes).ifPresent(opened -> {
            try (PartReader reader = opened) {
                while (reader.next()) {
                    try {
                        consumer.accept(reader.bytes());
                    } catch (IllegalArgumentException e) {
                        reader.damage(e).ifPresent(damaged);
                    }
                }
                reader.damage().ifPresent(damaged);
            }
        });
    }

    /** Takes a line, or throws {@link IllegalArgumentException} when it cannot be understood. */
    @FunctionalInterface
    interface LineConsumer {
        void accept(byte[] line);
    }

    private final class Joined implements Iterator<RecordedInteraction> {

        private final TimeSpan span;
        private final int group;
        private final Deque<LogPart> notGrouped = new ArrayDeque<>(parts);
        private final Deque<LogPart> grouped = new ArrayDeque<>();
        private Map<String, List<Feedback>> feedback = Map.of();
        private @Nullable PartReader reader;
        private @Nullable RecordedInteraction next;
        private boolean closed;

        Joined(TimeSpan span, int group) {
            this.span = span;
            this.group = group;
        }

        @Override
        public boolean hasNext() {
            while (next == null && !closed && (reader != null || openNext())) {
                advance();
            }
            return next != null;
        }

        @Override
        public RecordedInteraction next() {
            RecordedInteraction read = hasNext() ? next : null;
            if (read == null) {
                throw new NoSuchElementException("all interactions are read");
            }
            next = null;
            return read;
        }

        void close() {
            closed = true;
            closeReader();
        }

        /** Opens the next part that is still there; false when all are read. */
        private boolean openNext() {
            while (reader == null) {
                if (grouped.isEmpty() && !nextGroup()) {
                    return false;
                }
                reader = grouped.removeFirst().open(maxLineBytes).orElse(null);
            }
            return true;
        }

        /** Reads lines until one is an interaction of the span, or the part ends. */
        private void advance() {
            PartReader open = reader;
            if (open == null) {
                return;
            }
            if (!open.next()) {
                open.damage().ifPresent(onDamage);
                closeReader();
                return;
            }
            try {
                byte[] bytes = open.bytes();
                LogLines.Head head = LogLines.head(bytes);
                if (isWanted(head)) {
                    Interaction interaction = LogLines.readInteraction(LogLines.parse(bytes));
                    next = new RecordedInteraction(interaction, feedback.getOrDefault(interaction.id(), List.of()));
                }
            } catch (IllegalArgumentException e) {
                open.damage(e).ifPresent(onDamage);
            }
        }

        private boolean isWanted(LogLines.Head head) {
            return head.isInteraction() && span.contains(head.time());
        }

        private boolean nextGroup() {
            IntStream.Builder hashes = IntStream.builder();
            int[] count = new int[1];
            while (!notGrouped.isEmpty() && (count[0] == 0 || count[0] < group)) {
                LogPart part = notGrouped.removeFirst();
                grouped.add(part);
                lines(
                        part,
                        bytes -> {
                            LogLines.Head head = LogLines.head(bytes);
                            if (isWanted(head)) {
                                hashes.add(head.id().hashCode());
                                count[0]++;
                            }
                        },
                        damage -> {});
            }
            feedback = feedbackOn(hashes.build().sorted().toArray());
            return !grouped.isEmpty();
        }

        private Map<String, List<Feedback>> feedbackOn(int[] hashes) {
            Map<String, List<Feedback>> found = new HashMap<>();
            if (hashes.length == 0) {
                return found;
            }
            for (LogPart part : parts) {
                lines(
                        part,
                        bytes -> {
                            LogLines.Head head = LogLines.head(bytes);
                            if (head.isFeedback()
                                    && Arrays.binarySearch(hashes, head.id().hashCode()) >= 0) {
                                found.computeIfAbsent(head.id(), id -> new ArrayList<>())
                                        .add(LogLines.readFeedback(LogLines.parse(bytes)));
                            }
                        },
                        damage -> {});
            }
            return found;
        }

        private void closeReader() {
            if (reader != null) {
                reader.close();
                reader = null;
            }
        }
    }
}
