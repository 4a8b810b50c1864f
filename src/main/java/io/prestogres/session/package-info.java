/**
 * One client, one link to PostgreSQL, and the state between.
 *
 * <p>The way of a statement: {@link io.prestogres.session.Greeting} reads what the client wants;
 * {@link io.prestogres.session.Session} relays authentication, has the shells set up, and then
 * forwards frames both ways. A Query whose names may mean a shell goes to {@link
 * io.prestogres.session.QueryPlanner}, which asks PostgreSQL on this very session what the names
 * mean ({@link io.prestogres.session.NameResolution}), has the query translated, and says what is
 * sent in its place ({@link io.prestogres.session.Plan}). Every message sent upstream that will be
 * answered by a ReadyForQuery leaves an {@link io.prestogres.session.Exchange}, which says whether
 * the reply is the client's or ours.
 *
 * <p>TLS ends here on both sides: {@link io.prestogres.session.ClientTls} says what clients get,
 * {@link io.prestogres.session.PostgresqlConnector} negotiates with PostgreSQL, and {@link
 * io.prestogres.session.ChannelBinding} keeps SCRAM working between them.
 *
 * <p>A session's fields are touched on its own context only; there are no locks here, and nothing
 * blocks.
 */
@NullMarked
package io.prestogres.session;

import org.jspecify.annotations.NullMarked;
