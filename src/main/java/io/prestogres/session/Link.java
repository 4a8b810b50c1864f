package io.prestogres.session;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.prestogres.protocol.FrameSplitter;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.security.cert.Certificate;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * One socket of a session: what is read is counted, and is not handed over for as long as anybody
 * has a reason to hold it. Belongs to the session's context.
 *
 * <p>Vert.x opens and closes the socket. In between its bytes go from Netty to us and from us to
 * Netty: what is read is lent, not copied, and what that makes the other side write is sent when
 * the read is over.
 */
final class Link {
  /** Why a socket is not read at the moment. */
  enum Hold {
    /** What Vert.x has read before us is on its way. */
    OPENING,
    /** The other side's write queue is full. */
    BACK_PRESSURE,
    /** A statement is being planned; what follows it has to wait. */
    PLANNING,
    /** A cancel is on its way to PostgreSQL and must not hit another statement. */
    CANCELING,
    /** The session ends when what was sent is answered. */
    ENDING
  }

  /** Reads that are kept while a socket is held; that it was closed is noticed until then. */
  private static final int MAX_KEPT = 4;

  private final ContextInternal context;
  private NetSocketInternal socket;
  private ChannelHandlerContext channel;
  private Reader reader = new Reader(this);
  private WakingMessage waking = new WakingMessage();
  private final Set<Hold> holds = EnumSet.of(Hold.OPENING);
  private final Deque<ByteBuf> kept = new ArrayDeque<>(MAX_KEPT);
  private Handler<ByteBuf> onBytes = bytes -> {};
  private Runnable onEnd = () -> {};
  private @Nullable Link waitsForUs;
  private @Nullable Link unflushed;
  private boolean reading;
  private boolean handing;
  private int cancels;
  private long bytesRead;
  private boolean closed;

  Link(ContextInternal context, NetSocket socket) {
    this.context = context;
    this.socket = (NetSocketInternal) socket;
    this.channel = this.socket.channelHandlerContext();
    socket.pause();
  }

  /** Starts reading; the handlers run on the session's context, and bytes are lent to them. */
  void read(Handler<ByteBuf> handler, Runnable whenEnded) {
    handTo(handler, whenEnded);
    NetSocketInternal opened = socket;
    Reader reads = reader;
    opened.exceptionHandler(failure -> opened.close());
    opened.closeHandler(end -> reads.ended());
    Deque<ByteBuf> early = new ArrayDeque<>();
    socket.handler(bytes -> early.add(FrameSplitter.bytesOf(bytes)));
    channel.pipeline().addBefore(channel.name(), "link", reader);
    socket.resume();
    // Vert.x hands over what it has before it comes to this.
    context.runOnContext(
        v -> {
          early.addAll(kept);
          kept.clear();
          kept.addAll(early);
          if (closed) {
            drop();
          } else {
            release(Hold.OPENING);
          }
        });
  }

  /** Hands what is read from now on to somebody else. */
  void handTo(Handler<ByteBuf> handler, Runnable whenEnded) {
    onBytes = handler;
    onEnd = whenEnded;
  }

  /**
   * Goes on with the socket of another link of the same context, between two messages of either;
   * the one it had is closed after what was written to it has gone out, and the other link is over.
   */
  void takeOver(Link other) {
    reader.link = null;
    drop();
    drained();
    socket.end();
    socket = other.socket;
    channel = other.channel;
    reader = other.reader;
    reader.link = this;
    waking = other.waking;
    kept.addAll(other.kept);
    other.kept.clear();
    other.closed = true;
    handKept();
  }

  /** Stands in Netty's pipeline of a socket, for the link that it belongs to; at last for none. */
  private static final class Reader extends ChannelInboundHandlerAdapter {
    private @Nullable Link link;

    Reader(Link link) {
      this.link = link;
    }

    @Override
    public void channelRead(ChannelHandlerContext from, Object message) {
      ByteBuf bytes = (ByteBuf) message;
      if (link == null || link.closed) {
        bytes.release();
      } else {
        link.read(bytes);
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext from) {
      if (link != null) {
        link.readIsOver();
      }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext from) {
      if (link != null && from.channel().isWritable()) {
        link.drained();
      }
      from.fireChannelWritabilityChanged();
    }

    /** What a slow reader on the other side has made us keep is not lost. */
    @Override
    public void channelInactive(ChannelHandlerContext from) {
      if (link != null) {
        link.readIsOver();
        link.release(Hold.BACK_PRESSURE);
      }
      from.fireChannelInactive();
    }

    private void ended() {
      Link owner = link;
      if (owner != null) {
        owner.closed = true;
        owner.drop();
        owner.onEnd.run();
      }
    }
  }

  private void read(ByteBuf bytes) {
    reading = true;
    kept.add(bytes);
    handKept();
    if (kept.size() >= MAX_KEPT) {
      goOnReading(false);
    }
  }

  private void drained() {
    Link waiting = waitsForUs;
    if (waiting != null) {
      waitsForUs = null;
      waiting.release(Hold.BACK_PRESSURE);
    }
  }

  private void readIsOver() {
    reading = false;
    Link written = unflushed;
    if (written != null) {
      unflushed = null;
      written.channel.flush();
    }
  }

  private void hand(ByteBuf bytes) {
    handing = true;
    bytesRead += bytes.readableBytes();
    try {
      context.dispatch(bytes, onBytes);
    } finally {
      handing = false;
      bytes.release();
    }
  }

  private void handKept() {
    if (handing) {
      return;
    }
    while (holds.isEmpty() && !kept.isEmpty()) {
      hand(kept.remove());
    }
    if (holds.isEmpty()) {
      goOnReading(true);
    }
  }

  private void goOnReading(boolean on) {
    if (channel.channel().config().isAutoRead() != on) {
      channel.channel().config().setAutoRead(on);
    }
  }

  private void drop() {
    kept.forEach(ByteBuf::release);
    kept.clear();
  }

  /** Writes bytes of ours, at once. */
  void write(Buffer bytes) {
    if (!closed) {
      enqueue(FrameSplitter.bytesOf(bytes));
      channel.flush();
    }
  }

  /** Writes bytes of ours, and stops reading {@code source} while this socket cannot take more. */
  void write(Buffer bytes, Link source) {
    write(FrameSplitter.bytesOf(bytes), source);
  }

  /**
   * Writes what was read from {@code source}, and stops reading that while this socket cannot take
   * more.
   */
  void write(ByteBuf bytes, Link source) {
    if (closed) {
      return;
    }
    enqueue(bytes.retain());
    if (source.reading && channel.channel().isWritable()) {
      source.unflushed = this;
      return;
    }
    channel.flush();
    if (!channel.channel().isWritable()) {
      waitsForUs = source;
      source.hold(Hold.BACK_PRESSURE);
      source.goOnReading(false);
    }
  }

  /** Wakes a PostgreSQL that waits for a message, between two of them. */
  void wake() {
    Buffer next = waking.next();
    if (!closed && next.length() > 0) {
      send(FrameSplitter.bytesOf(next));
      channel.flush();
    }
  }

  private void enqueue(ByteBuf bytes) {
    endWaking();
    send(bytes);
  }

  private void endWaking() {
    Buffer rest = waking.rest();
    if (rest.length() > 0) {
      send(FrameSplitter.bytesOf(rest));
    }
  }

  private void send(ByteBuf bytes) {
    // When it fails the channel is closed, which is how everybody learns of it.
    ChannelFuture unusedWrite = channel.write(bytes, channel.voidPromise());
  }

  void hold(Hold reason) {
    holds.add(reason);
  }

  void release(Hold reason) {
    holds.remove(reason);
    handKept();
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
      endWaking();
      closed = true;
      drop();
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
