/**
 * Wire scripts: dialogues in the messages of the protocol, each of which is held with PostgreSQL
 * itself and with the proxy, so that PostgreSQL says what is right.
 *
 * <p>A script is a file {@code src/test/resources/wire/*.wire}; {@code README.md} beside them
 * describes the format. {@link io.prestogres.wire.WireScript} reads a file, {@link
 * io.prestogres.wire.WireConversation} holds the dialogue; messages become bytes in {@link
 * io.prestogres.wire.FrontendText} and bytes become text in {@link io.prestogres.wire.BackendText}.
 */
package io.prestogres.wire;
