/**
 * What a plugin of Prestogres implements, and what it is given.
 *
 * <p>A plugin is a jar with a class that implements {@link io.prestogres.plugin.Plugin}, named in
 * {@code META-INF/services/io.prestogres.plugin.Plugin}. When the proxy starts, {@link
 * io.prestogres.plugin.Plugin#start} tells the {@link io.prestogres.plugin.PluginContext} which
 * interceptors there are: of connects, of statements, of responses. Of several plugins each sees
 * what the one before it in the configuration has made of it.
 *
 * <p><b>Threads.</b> Plugin code runs on worker threads of the proxy, so it may block, within the
 * time limit that the configuration gives the plugin. Calls of one session come one after the
 * other, and each sees what the ones before it wrote; calls of different sessions come at the same
 * time. Only after a call that went over its time limit, and goes on nevertheless, may the next one
 * of its session overlap with it.
 *
 * <p><b>Failures.</b> An interceptor that throws, answers null, or is too late costs its statement
 * or its connect, which then is refused with SQLSTATE 38000 and the plugin's name; the session of
 * such a statement goes on.
 *
 * <p>This package only grows: what compiles against it goes on compiling and running. The records
 * in it are made by the proxy and by {@link io.prestogres.plugin.PluginTrial}; plugins read them,
 * and rely neither on their constructors nor on how many components they have. Types here name the
 * JDK and themselves, nothing else.
 */
@NullMarked
package io.prestogres.plugin;

import org.jspecify.annotations.NullMarked;
