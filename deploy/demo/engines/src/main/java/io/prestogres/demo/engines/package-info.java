/**
 * A real PostgreSQL and a real Presto for the demo and for the tests, both on this machine's
 * loopback address and both gone when they are closed.
 *
 * <p>Main path: {@link EmbeddedPostgresql#start()} unpacks PostgreSQL's own programs and runs them;
 * {@link EmbeddedPresto#start()} runs Presto in a JVM of its own, because Presto needs other
 * versions of Jackson, Netty and Guava than the proxy and because a test must be able to kill it.
 * What may not go in here: anything that knows of the proxy.
 */
@NullMarked
package io.prestogres.demo.engines;

import org.jspecify.annotations.NullMarked;
