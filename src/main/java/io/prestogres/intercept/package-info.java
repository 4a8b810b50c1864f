/**
 * Plugins: load them, start them, run them safely.
 *
 * <p>{@link io.prestogres.intercept.PluginLoader} makes the objects, each with a class loader of
 * its own; {@link io.prestogres.intercept.Plugins} starts and closes them and knows which instance
 * has which; {@link io.prestogres.intercept.InterceptorChain} asks them on behalf of one session.
 * Plugin code runs on worker threads, never on an event loop, and its failures become errors of the
 * one statement or connect they belong to.
 *
 * <p>Nothing here knows sockets or frames: a chain takes texts and gives texts.
 */
@NullMarked
package io.prestogres.intercept;

import org.jspecify.annotations.NullMarked;
