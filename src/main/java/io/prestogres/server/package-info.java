/**
 * The program: command line, logging, listeners, admin server, start and stop.
 *
 * <p>{@link io.prestogres.server.Main} reads the arguments and the configuration, and hands it to
 * {@link io.prestogres.server.Prestogres}, where everything is wired. The HTTP server and the
 * command line's library may be named in this package only.
 */
@NullMarked
package io.prestogres.server;

import org.jspecify.annotations.NullMarked;
