package io.prestogres.session;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.security.cert.Certificate;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * One socket of a session: what is written is counted, and reading stops for as long as anybody has
 * a reason to hold it. Belongs to the session's context.
 */
final class Link {
  /** Why a socket is not read at the moment. */
  enum Hold {
    /** The other side's write queue is full. */
    BACK_PRESSURE,
    /** A statement is being planned; what follows it has to wait. */
    PLANNING,
    /** A cancel is on its way to PostgreSQL and must not hit another statement. */
    CANCELING,
    /** The session ends when what was sent is answered. */
    ENDING
  }

  private final NetSocket socket;
  private final Set<Hold> holds = EnumSet.noneOf(Hold.class);
  private int cancels;
  private long bytesRead;
  private boolean closed;

  Link(NetSocket socket) {
    this.socket = socket;
    socket.pause();
  }

  /** Starts reading; the handlers run on the session's context. */
  void read(io.vertx.core.Handler<Buffer> onBytes, Runnable onEnd) {
    socket.handler(
        bytes -> {
          bytesRead += bytes.length();
          onBytes.handle(bytes);
        });
    socket.exceptionHandler(failure -> socket.close());
    socket.closeHandler(
        end -> {
          closed = true;
          onEnd.run();
        });
    if (holds.isEmpty()) {
      socket.resume();
    }
  }

  void write(Buffer bytes) {
    if (!closed) {
      socket.write(bytes);
    }
  }

  /** Writes, and stops reading {@code source} while this socket cannot take more. */
  void write(Buffer bytes, Link source) {
    write(bytes);
    if (socket.writeQueueFull()) {
      source.hold(Hold.BACK_PRESSURE);
      socket.drainHandler(drained -> source.release(Hold.BACK_PRESSURE));
    }
  }

  void hold(Hold reason) {
    holds.add(reason);
    socket.pause();
  }

  void release(Hold reason) {
    holds.remove(reason);
    if (holds.isEmpty()) {
      socket.resume();
    }
  }

  /** A cancel is sent: what the client sends now must not be hit by it. */
  void cancelBegins() {
    cancels++;
    hold(Hold.CANCELING);
  }

  /** A cancel has hit what it could. */
  void cancelEnds() {
    cancels--;
    if (cancels == 0) {
      release(Hold.CANCELING);
    }
  }

  /** Closes the socket after what was written has gone out. */
  void close() {
    if (!closed) {
      closed = true;
      socket.end();
    }
  }

  /** Whether there is TLS on it. */
  boolean encrypted() {
    return socket.isSsl();
  }

  /** The certificate that we showed; empty without TLS. */
  Optional<Certificate> certificateShown() {
    return encrypted() ? first(socket.sslSession().getLocalCertificates()) : Optional.empty();
  }

  /** The certificate that the other side showed; empty without TLS. */
  Optional<Certificate> certificateSeen() {
    try {
      return encrypted() ? first(socket.sslSession().getPeerCertificates()) : Optional.empty();
    } catch (SSLPeerUnverifiedException none) {
      return Optional.empty();
    }
  }

  private static Optional<Certificate> first(Certificate @Nullable [] chain) {
    return chain == null || chain.length == 0 ? Optional.empty() : Optional.of(chain[0]);
  }

  /** Whether nothing can be written any more. */
  boolean closed() {
    return closed;
  }

  /** Bytes received so far. */
  long bytesRead() {
    return bytesRead;
  }
}
