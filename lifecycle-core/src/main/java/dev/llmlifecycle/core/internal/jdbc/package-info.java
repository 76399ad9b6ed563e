/** Plain SQL over a host's {@code DataSource}, shared by the stores that keep their content in a database. */
@NullMarked
package dev.llmlifecycle.core.internal.jdbc;

import org.jspecify.annotations.NullMarked;
