/**
 * The demo: PostgreSQL, Presto and the proxy on this machine, with one command and until Ctrl-C.
 *
 * <p>Main path: {@link io.prestogres.demo.Demo} starts the engines side by side, then {@code
 * ProxyStage} starts the proxy as its configuration file would. What may not go in here: anything a
 * user's installation needs.
 */
@NullMarked
package io.prestogres.demo;

import org.jspecify.annotations.NullMarked;
