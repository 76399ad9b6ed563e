package dev.llmlifecycle.api;

import java.io.IOException;

import dev.langchain4j.exception.LangChain4jException;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@NullMarked
final class DamagedDataExceptionTest {

    @Test
    void saysWhereTheDamageIsAndWhatToDo() {
        IOException cause = new IOException("end of file");
        DamagedDataException exception = new DamagedDataException(
                "journal.jsonl", "line 12", "the hash does not fit the line before", "restore it from a backup", cause);

        assertThat(exception)
                .hasMessage("journal.jsonl, line 12: the hash does not fit the line before; restore it from a backup")
                .hasCause(cause)
                .isInstanceOf(LangChain4jException.class);
        assertThat(exception.source()).isEqualTo("journal.jsonl");
        assertThat(exception.position()).isEqualTo("line 12");
    }

    @Test
    void needsNoCause() {
        assertThat(new DamagedDataException("a", "byte 1", "torn", "delete it", null))
                .hasNoCause();
        assertThat(new LifecycleException("Reading failed; try again")).hasNoCause();
    }
}
