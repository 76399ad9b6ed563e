package dev.llmlifecycle.retrieval.vector.internal;

import java.io.IOException;
import java.nio.file.Path;

import org.jspecify.annotations.NullMarked;

/** A disk that is full after so many bytes, and can refuse to force, to cut, to move or to remove. */
@NullMarked
public final class FailingDisk implements Disk {

    public static final String FULL = "No space left on device";

    private long room = Long.MAX_VALUE;
    private boolean forceFails;
    private boolean truncateFails;
    private boolean moveFails;
    private boolean deleteFails;
    private int forced;
    private Runnable whenForced = () -> {};

    public void room(long bytes) {
        room = bytes;
    }

    public void heal() {
        room = Long.MAX_VALUE;
        forceFails = false;
        truncateFails = false;
        moveFails = false;
        deleteFails = false;
    }

    public void failForce() {
        forceFails = true;
    }

    void failTruncate() {
        truncateFails = true;
    }

    void failMove() {
        moveFails = true;
    }

    void failDelete() {
        deleteFails = true;
    }

    /** Says what else happens when a file is forced. */
    void whenForced(Runnable what) {
        whenForced = what;
    }

    /** Returns how often a file was forced. */
    int forced() {
        return forced;
    }

    @Override
    public WritableFile open(Path file) throws IOException {
        return new FailingFile(Disk.local().open(file));
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        refuse(moveFails);
        Disk.local().move(from, to);
    }

    @Override
    public void delete(Path file) throws IOException {
        refuse(deleteFails);
        Disk.local().delete(file);
    }

    @Override
    public void forceDirectory(Path directory) {
        // No test takes the power away, so nothing is forced, which would take long.
    }

    private static void refuse(boolean fails) throws IOException {
        if (fails) {
            throw new IOException("Input/output error");
        }
    }

    private final class FailingFile implements WritableFile {

        private final WritableFile file;

        FailingFile(WritableFile file) {
            this.file = file;
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void append(byte[] bytes, int offset, int length) throws IOException {
            int some = (int) Math.min(length, room);
            file.append(bytes, offset, some);
            room -= some;
            if (some < length) {
                throw new IOException(FULL);
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            refuse(truncateFails);
            file.truncate(size);
        }

        @Override
        public void force() throws IOException {
            refuse(forceFails);
            forced++;
            whenForced.run();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
