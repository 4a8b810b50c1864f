/**
 * One client, one link to PostgreSQL, and the state between.
 *
 * <p>The way of a statement: {@link io.prestogres.session.Greeting} reads what the client wants;
 * {@link io.prestogres.session.Session} relays authentication ({@link
 * io.prestogres.session.Admission}) and has the shells set up. From then on {@link
 * io.prestogres.session.Requests} and {@link io.prestogres.session.Replies} forward frames. A Query
 * or Parse whose names may mean a shell is held up at the {@link io.prestogres.session.Gate} and
 * goes to {@link io.prestogres.session.Planning}: {@link io.prestogres.session.QueryPlanner} asks
 * PostgreSQL on this very session what the names mean ({@link io.prestogres.session.Upstream},
 * {@link io.prestogres.session.NameResolution}), has the query translated, and says what is sent in
 * its place ({@link io.prestogres.session.Plan}). Every message sent upstream that will be answered
 * leaves an {@link io.prestogres.session.Exchange} in the {@link
 * io.prestogres.session.ExchangeQueue}, which says whether the reply is the client's or ours.
 *
 * <p>Statements that only Presto understands are {@link io.prestogres.session.PrestoStatements}'.
 * Those that write to Presto are planned by {@link io.prestogres.session.WritePlanner}, executed if
 * {@link io.prestogres.session.WritePermission} has nothing against it, answered as PostgreSQL
 * would by {@link io.prestogres.session.WriteReplies}, and shown by {@link
 * io.prestogres.session.MirrorChanges}.
 *
 * <p>Where there are plugins, {@link io.prestogres.session.Interception} asks them before all this
 * about every text, and {@link io.prestogres.session.ResponseWatch} follows the exchanges to tell
 * them how statements end.
 *
 * <p>{@link io.prestogres.session.ServingBackend} is what serves the client in PostgreSQL: the
 * backend that has let it in, or one of the {@link io.prestogres.session.WarmBackends} that others
 * have left.
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
