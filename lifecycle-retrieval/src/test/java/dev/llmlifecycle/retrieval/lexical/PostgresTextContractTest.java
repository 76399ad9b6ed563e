package dev.llmlifecycle.retrieval.lexical;

import java.sql.SQLException;
import java.util.List;

import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.api.contract.RetrieverContract;
import dev.llmlifecycle.api.retrieval.Retriever;
import org.jspecify.annotations.NullMarked;

@NullMarked
class PostgresTextContractTest extends RetrieverContract {

    @Override
    protected Retriever create(List<TextSegment> segments) {
        try {
            return TestPostgres.retriever(TestPostgres.table(), segments).build();
        } catch (SQLException e) {
            throw new IllegalStateException("the test's table could not be made", e);
        }
    }
}
