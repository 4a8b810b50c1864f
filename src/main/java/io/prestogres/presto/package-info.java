/**
 * Runs, describes, pages and cancels queries on Presto and Trino over their statement protocol.
 *
 * <p>The main path: {@link io.prestogres.presto.PrestoClient#start} posts a statement and gives a
 * {@link io.prestogres.presto.PrestoQuery}; each {@link io.prestogres.presto.PrestoQuery#next}
 * hands one page, as it came from the network, to a {@link io.prestogres.presto.PageReader}, which
 * pulls the values out of a {@link io.prestogres.presto.RowCursor}. {@link
 * io.prestogres.presto.PrestoType} knows what a column is in PostgreSQL, {@link
 * io.prestogres.presto.StandardErrors} what an error is.
 *
 * <p>What PostgreSQL's values and messages look like is decided elsewhere: no other package of
 * Prestogres may be used in here.
 */
@NullMarked
package io.prestogres.presto;

import org.jspecify.annotations.NullMarked;
