/**
 * Presto's metadata as shells in PostgreSQL: the {@code setup_system_catalog} step.
 *
 * <p>{@link io.prestogres.catalog.CatalogMirror} is asked at every connect whether a database's
 * shells are fresh. {@link io.prestogres.catalog.RefreshFlight} sees to it that one refresh runs
 * for a database, which {@link io.prestogres.catalog.DatabaseMirror} does: {@link
 * io.prestogres.catalog.CatalogReader} reads Presto's information_schema, {@link
 * io.prestogres.catalog.StandingReader} what stands in PostgreSQL, {@link
 * io.prestogres.catalog.CatalogDiff} turns the difference into DDL, and {@link
 * io.prestogres.catalog.ChangeApplier} runs that in small transactions, all under an advisory lock.
 * {@link io.prestogres.catalog.PlannerStatistics} tells PostgreSQL's planner, in the background,
 * how large the tables are. {@link io.prestogres.catalog.MirroredDatabase} is what others may know
 * of the result. PostgreSQL is reached through {@link io.prestogres.catalog.ControlConnections},
 * never through a client's session.
 */
@NullMarked
package io.prestogres.catalog;

import org.jspecify.annotations.NullMarked;
