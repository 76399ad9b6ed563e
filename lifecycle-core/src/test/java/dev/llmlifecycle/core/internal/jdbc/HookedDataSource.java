package dev.llmlifecycle.core.internal.jdbc;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;

import javax.sql.DataSource;

import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** Real connections of a database, with something that happens before a call on one; counts those that are out. */
@NullMarked
public final class HookedDataSource implements DataSource {

    private final DataSource source;
    private final AtomicInteger borrowed = new AtomicInteger();
    private volatile Hook hook = (connection, method, argument) -> {};

    /** Creates a source that does nothing but hand on. */
    public HookedDataSource(DataSource source) {
        this.source = source;
    }

    /** Sets what happens before each call on a connection, and after {@code getConnection}. */
    public HookedDataSource before(Hook next) {
        hook = next;
        return this;
    }

    /** Returns how many connections are out. */
    public int borrowed() {
        return borrowed.get();
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = source.getConnection();
        try {
            hook.before(connection, "getConnection", "");
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        borrowed.incrementAndGet();
        return (Connection) Proxy.newProxyInstance(
                HookedDataSource.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> {
                    hook.before(
                            connection,
                            method.getName(),
                            arguments == null || arguments.length == 0 ? "" : String.valueOf(arguments[0]));
                    if (method.getName().equals("close")) {
                        borrowed.decrementAndGet();
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getTargetException();
                    }
                });
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return source.getConnection(user, password);
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(PrintWriter out) {}

    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return source.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return source.isWrapperFor(type);
    }

    /** What happens before a call. */
    @FunctionalInterface
    public interface Hook {

        /** Happens before the method is called on the connection; {@code argument} is its first, as text. */
        void before(Connection connection, String method, String argument) throws SQLException;
    }
}
