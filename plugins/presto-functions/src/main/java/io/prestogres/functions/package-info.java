/**
 * The table function that runs inside PostgreSQL, in PL/Java: Presto's rows by way of presto-jdbc.
 *
 * <p>Main path: {@link io.prestogres.functions.PrestoFunctions#fetchBatches} starts a {@code
 * QueryWorker} on a thread of its own, which reads rows from presto-jdbc and hands them over in
 * batches; {@code BatchIterator} gives PostgreSQL what is there, and an empty batch after 100 ms of
 * nothing, so that PostgreSQL can look for a cancel.
 *
 * <p>The jar holds only these classes. It stands beside presto-jdbc's own jar on the class path of
 * PL/Java's JVM, {@code pljava.vmoptions =
 * '-Djava.class.path=presto-functions.jar:presto-jdbc.jar'} with full paths: {@code
 * sqlj.install_jar} refuses presto-jdbc and loads its classes slowly, and a user can put a newer
 * driver there.
 *
 * <p>What may not go in here: anything but the JDK and JDBC, calls into PostgreSQL, and threads
 * that are no daemons (a backend would not end).
 */
@NullMarked
package io.prestogres.functions;

import org.jspecify.annotations.NullMarked;
