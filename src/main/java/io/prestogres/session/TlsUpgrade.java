package io.prestogres.session;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.GenericFutureListener;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.util.Optional;

/**
 * Begins TLS in the middle of a connection, between two reads: what was read before came in clear
 * text, and whatever comes afterwards is decrypted. NetSocket's own upgradeToSsl prepares TLS while
 * the socket goes on reading, and hands over what an attacker sends meanwhile as if it had been
 * encrypted (CVE-2021-23214, CVE-2021-23222); and it cannot be given a ClientHello that is here
 * already.
 */
final class TlsUpgrade {
  private static final String HANDLER_NAME = "ssl";

  private TlsUpgrade() {}

  /**
   * Begins TLS; to be called on the socket's event loop, from its handler.
   *
   * @param answer what is sent in clear text before that; may be empty
   * @param read what the other side has sent of its handshake; may be empty
   * @return completes after the handshake with the application protocol agreed on, if any; when it
   *     fails, the connection is closed
   */
  static Future<Optional<String>> begin(
      NetSocket socket, SslHandler tls, Buffer answer, Buffer read) {
    ChannelHandlerContext channel = ((NetSocketInternal) socket).channelHandlerContext();
    assert channel.executor().inEventLoop();
    if (answer.length() > 0) {
      // When this fails the channel closes, and the handshake fails with it.
      ChannelFuture unusedWrite = channel.writeAndFlush(Unpooled.wrappedBuffer(answer.getBytes()));
    }
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.addFirst(HANDLER_NAME, tls);
    Promise<Optional<String>> promise = Promise.promise();
    GenericFutureListener<io.netty.util.concurrent.Future<Object>> listener =
        handshake -> {
          if (handshake.isSuccess()) {
            promise.complete(Optional.ofNullable(tls.applicationProtocol()));
          } else {
            promise.fail(handshake.cause());
          }
        };
    io.netty.util.concurrent.Future<?> unused = tls.handshakeFuture().addListener(listener);
    if (read.length() > 0) {
      pipeline.fireChannelRead(Unpooled.wrappedBuffer(read.getBytes()));
      pipeline.fireChannelReadComplete();
    }
    return promise.future();
  }
}
