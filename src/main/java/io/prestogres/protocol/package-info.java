/**
 * The PostgreSQL frontend/backend protocol 3: frames, the messages we read or write, SQLSTATEs.
 *
 * <p>No input or output and no threads here: bytes come in as {@link io.vertx.core.buffer.Buffer},
 * {@link io.prestogres.protocol.FrameSplitter} cuts them into frames and leaves most of them
 * unopened, {@link io.prestogres.protocol.StartupPacket} reads what comes before the first frame,
 * {@link io.prestogres.protocol.Frontend} and {@link io.prestogres.protocol.Backend} write the
 * messages of either side. Only messages that the proxy must understand have a class; everything
 * else stays a type byte and opaque bytes.
 */
@NullMarked
package io.prestogres.protocol;

import org.jspecify.annotations.NullMarked;
