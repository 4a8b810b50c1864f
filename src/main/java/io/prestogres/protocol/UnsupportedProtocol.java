package io.prestogres.protocol;

import io.vertx.core.buffer.Buffer;
import java.io.Serial;
import java.nio.charset.StandardCharsets;

/** A client speaks a protocol that is not 3.x; it is told so in a form that it understands. */
final class UnsupportedProtocol extends PgException {
  @Serial private static final long serialVersionUID = 1L;

  private final int version;

  private UnsupportedProtocol(int version, ErrorFields fields) {
    super(fields);
    this.version = version;
  }

  static UnsupportedProtocol of(int version) {
    return new UnsupportedProtocol(
        version,
        ErrorFields.fatal(
            SqlState.FEATURE_NOT_SUPPORTED,
            "unsupported frontend protocol %d.%d: server supports 3.0 to 3.2"
                .formatted(version >>> 16, version & 0xffff)));
  }

  @Override
  public PgException asFatal() {
    return this;
  }

  /** Before protocol 3.0 an error was {@code E}, its text and a zero byte. */
  @Override
  public Buffer toErrorResponse() {
    if (version >>> 16 >= 3) {
      return super.toErrorResponse();
    }
    String text = "EFATAL:  " + fields().message() + "\n\0";
    return Buffer.buffer(text.getBytes(StandardCharsets.US_ASCII));
  }
}
