/**
 * Real clients against the proxy, PostgreSQL and Presto. Each does the same five {@link
 * io.prestogres.client.Part}s in its own way and has to see what {@code clients/expected.txt} says.
 *
 * <p>Drivers outside the JVM are scripts in {@code src/test/resources/clients}, run by {@link
 * io.prestogres.client.ScriptClientsIT}; a driver that is not installed is skipped. Drivers inside
 * the JVM are {@link io.prestogres.client.JvmClient}s with a suite each. All connect to {@link
 * io.prestogres.client.ClientProxy}, a proxy that allows TLS.
 */
package io.prestogres.client;
