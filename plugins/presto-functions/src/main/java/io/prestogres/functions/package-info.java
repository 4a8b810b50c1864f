/**
 * The table function that runs inside PostgreSQL, in PL/Java: Presto's rows by way of presto-jdbc,
 * Trino's by way of trino-jdbc's client.
 *
 * <p>Main path: {@link io.prestogres.functions.PrestoFunctions#fetch} starts a {@code QueryWorker}
 * on a thread of its own, which reads {@code EngineRows} from the {@code EngineLink} of the engine
 * that the address names, and hands them over in batches; {@code BatchProvider} gives PostgreSQL
 * what is there, and nothing after 100 ms of nothing, so that PostgreSQL can look for a cancel.
 *
 * <p>The jar that is shipped holds the drivers too and is the class path of PL/Java's JVM: {@code
 * sqlj.install_jar} refuses presto-jdbc and loads its classes slowly.
 *
 * <p>What may not go in here: anything but the JDK and JDBC, calls into PostgreSQL, and threads
 * that are no daemons (a backend would not end). What needs presto-jdbc's own types is in its
 * package, what needs trino-jdbc's in {@code trino}.
 */
@NullMarked
package io.prestogres.functions;

import org.jspecify.annotations.NullMarked;
