package dev.llmlifecycle.eval.experiment;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.core.internal.AppendedLines;
import dev.llmlifecycle.core.internal.ChecksummedLine;
import dev.llmlifecycle.core.internal.InterProcessLock;
import dev.llmlifecycle.core.internal.JsonObject;
import dev.llmlifecycle.core.internal.LineReader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The results of a run in a file of JSON Lines: what they are results of, then a line before each call and one for each
 * answer, which is on the disk before the next call of its worker begins.
 *
 * <p>Workers that have an answer at the same time share one wait for the disk.
 */
final class ResultsFile implements CallJournal {

    private static final Logger log = LoggerFactory.getLogger(ResultsFile.class);
    private static final int LONGEST_LINE = 64 << 20;

    private final Path file;
    private final List<Example> examples;
    private final InterProcessLock owner;
    private final AppendedLines lines;
    private final Contents contents;

    private final ReentrantLock queue = new ReentrantLock();
    private List<Line> waiting = new ArrayList<>();
    private long taken;

    private final ReentrantLock writer = new ReentrantLock();
    private long written;
    private @Nullable LifecycleException failure;
    private boolean closed;

    private ResultsFile(
            Path file, List<Example> examples, InterProcessLock owner, AppendedLines lines, Contents contents) {
        this.file = file;
        this.examples = examples;
        this.owner = owner;
        this.lines = lines;
        this.contents = contents;
    }

    static ResultsFile open(Path file, RunHeader header) {
        Path lockFile = file.resolveSibling(file.getFileName() + ".lock");
        InterProcessLock owner = InterProcessLock.tryAcquire(lockFile, Duration.ZERO)
                .orElseThrow(() -> new LifecycleException("Opening the results " + file
                        + " failed: another run, in this process or another, writes to it; wait for it, or give each"
                        + " run a file of its own"));
        AppendedLines lines = null;
        boolean opened = false;
        try {
            Contents contents = Files.exists(file) ? new Reader(file, header).read() : Contents.empty();
            lines = AppendedLines.open(file, contents.wholeEnd(), contents.terminated());
            if (contents.wholeEnd() == 0) {
                lines.append(ChecksummedLine.write(header.toJson()), true);
            }
            opened = true;
            return new ResultsFile(file, header.dataset().examples(), owner, lines, contents);
        } finally {
            if (!opened) {
                if (lines != null) {
                    lines.close();
                }
                owner.close();
            }
        }
    }

    @Override
    public Map<Call, CallResult> restored() {
        return contents.results();
    }

    @Override
    public Spending spent() {
        return contents.spent();
    }

    @Override
    public int unanswered() {
        return contents.unanswered();
    }

    @Override
    public void started(Call call, Spending reserved) {
        append(new Line(ChecksummedLine.write(ResultLines.call(call, examples, reserved)), false));
    }

    @Override
    public void finished(Call call, CallResult result) {
        append(new Line(ChecksummedLine.write(ResultLines.answer(call, examples, result)), true));
    }

    @Override
    public void close() {
        writer.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            lines.close();
        } finally {
            writer.unlock();
            owner.close();
        }
    }

    /** Hands a line over, and writes all that wait unless another thread has done so meanwhile. */
    private void append(Line line) {
        long own;
        queue.lock();
        try {
            waiting.add(line);
            own = ++taken;
        } finally {
            queue.unlock();
        }
        writer.lock();
        try {
            if (closed) {
                log.debug("{} is closed; an answer that came after the run had ended is not kept", file);
            } else if (written < own) {
                if (failure == null) {
                    write(takeAll());
                } else {
                    throw failure;
                }
            }
        } finally {
            writer.unlock();
        }
    }

    private List<Line> takeAll() {
        queue.lock();
        try {
            List<Line> all = waiting;
            waiting = new ArrayList<>();
            return all;
        } finally {
            queue.unlock();
        }
    }

    private void write(List<Line> batch) {
        boolean durably = batch.stream().anyMatch(Line::durably);
        try {
            for (int i = 0; i < batch.size(); i++) {
                lines.append(batch.get(i).bytes(), durably && i == batch.size() - 1);
            }
            written += batch.size();
        } catch (LifecycleException e) {
            failure = e;
            throw e;
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Line(byte[] bytes, boolean durably) {}

    /** What stands in a file. */
    record Contents(Map<Call, CallResult> results, Spending spent, int unanswered, long wholeEnd, boolean terminated) {

        static Contents empty() {
            return new Contents(Map.of(), Spending.NONE, 0, 0, true);
        }
    }

    /** Reads a file once. */
    static final class Reader {

        private final Path file;
        private final RunHeader header;
        private final Map<String, Integer> positions = new HashMap<>();
        private final Map<Call, CallResult> results = new LinkedHashMap<>();
        private final Map<Call, Deque<Spending>> open = new HashMap<>();
        private Spending spent = Spending.NONE;

        Reader(Path file, RunHeader header) {
            this.file = file;
            this.header = header;
            List<Example> examples = header.dataset().examples();
            for (int i = 0; i < examples.size(); i++) {
                positions.put(examples.get(i).id(), i);
            }
        }

        Contents read() {
            long wholeEnd = 0;
            boolean terminated = true;
            try (LineReader reader = LineReader.open(file, LONGEST_LINE)) {
                while (reader.next()) {
                    try {
                        accept(reader, ChecksummedLine.parse(reader.bytes()));
                    } catch (IllegalArgumentException e) {
                        requireOurs(reader);
                        if (reader.terminated()) {
                            throw damaged(reader.number(), String.valueOf(e.getMessage()), e);
                        }
                        // A crash cut this line short, so nobody was told that it was there.
                        break;
                    }
                    wholeEnd = reader.end();
                    terminated = reader.terminated();
                }
            }
            int unanswered = 0;
            for (Deque<Spending> calls : open.values()) {
                unanswered += calls.size();
                for (Spending reserved : calls) {
                    spent = spent.plus(reserved);
                }
            }
            return new Contents(results, spent, unanswered, wholeEnd, terminated);
        }

        private void accept(LineReader reader, JsonObject json) {
            if (reader.number() == 1) {
                json.requireFormat(RunHeader.FORMAT);
                requireSame(json);
                return;
            }
            String type = json.text("type");
            if (type.equals(ResultLines.CALL)) {
                open.computeIfAbsent(call(json), key -> new ArrayDeque<>())
                        .addLast(ResultLines.spending(json.object("reserved")));
            } else if (type.equals(ResultLines.ANSWER)) {
                Call call = call(json);
                CallResult result =
                        ResultLines.readAnswer(json, header.dataset().examples().get(call.example()));
                settle(call, result.spent());
                if (result.failed()) {
                    results.remove(call);
                } else {
                    results.put(call, result);
                }
            }
        }

        /** Takes away the calls that the answer speaks of; earlier ones were lost with their process. */
        private void settle(Call call, Spending used) {
            spent = spent.plus(used);
            Deque<Spending> calls = open.getOrDefault(call, new ArrayDeque<>());
            for (long i = 0; i < used.calls() && !calls.isEmpty(); i++) {
                calls.removeLast();
            }
        }

        private Call call(JsonObject json) {
            int arm = RunHeader.ROLES.indexOf(json.text("arm"));
            Integer example = positions.get(json.text("example"));
            int repeat = json.integer("repeat");
            if (arm < 0 || example == null || repeat < 0 || repeat >= header.repeats()) {
                throw new IllegalArgumentException("it names an arm, example or repeat that the experiment has not");
            }
            return new Call(arm, example, repeat);
        }

        private void requireSame(JsonObject json) {
            List<String> differences = header.differences(json);
            if (!differences.isEmpty()) {
                throw new LifecycleException("Resuming the experiment from " + file
                        + " failed: its results are of another one, with " + String.join(", ", differences)
                        + "; give this experiment a file of its own");
            }
        }

        private void requireOurs(LineReader reader) {
            String text = new String(reader.bytes(), StandardCharsets.UTF_8);
            if (reader.number() == 1 && !text.startsWith(RunHeader.START) && !RunHeader.START.startsWith(text)) {
                throw new LifecycleException("Opening the results " + file
                        + " failed: it does not begin as results of an experiment do; name another file, or move this"
                        + " one away");
            }
        }

        private DamagedDataException damaged(long line, String problem, IllegalArgumentException cause) {
            return new DamagedDataException(
                    file.toString(),
                    "line " + line,
                    problem,
                    "restore the file from a copy, or remove that line, and its answer is asked for again",
                    cause);
        }
    }
}
