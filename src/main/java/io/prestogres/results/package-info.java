/**
 * Presto's rows as PostgreSQL's values.
 *
 * <p>The main path: a {@link io.prestogres.presto.PageReader} gives the rows of a page to a {@link
 * io.prestogres.results.BatchEncoder}, for the table function, or to a {@link
 * io.prestogres.results.RowEncoder}, for the scan of a shell. Both let a {@link
 * io.prestogres.results.ValueEncoder} per column write into {@link
 * io.prestogres.results.TextSink}s.
 *
 * <p>How Presto is asked has its place in {@code io.prestogres.presto}.
 */
@NullMarked
package io.prestogres.results;

import org.jspecify.annotations.NullMarked;
