package io.prestogres.protocol;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/**
 * AuthenticationSASL: Int32 10, then for each mechanism a String, and a zero byte (manual, "Message
 * Formats").
 */
public final class SaslMechanisms {
  private static final int SASL = 10;
  private static final String BOUND = "-PLUS";

  private SaslMechanisms() {}

  /** Whether an Authentication message offers mechanisms, and one that binds to the TLS channel. */
  public static boolean offerBinding(Buffer frame) {
    return read(frame).stream().anyMatch(mechanism -> mechanism.endsWith(BOUND));
  }

  /** The message without those mechanisms; an Authentication message of another kind as it is. */
  public static Buffer withoutBinding(Buffer frame) {
    if (!offerBinding(frame)) {
      return frame;
    }
    WireWriter writer = new WireWriter().start('R').writeInt(SASL);
    for (String mechanism : read(frame)) {
      if (!mechanism.endsWith(BOUND)) {
        writer.writeCString(mechanism);
      }
    }
    return writer.writeByte((byte) 0).finish().toBuffer();
  }

  private static List<String> read(Buffer frame) {
    WireReader reader = WireReader.body(frame);
    List<String> mechanisms = new ArrayList<>();
    if (reader.readInt() == SASL) {
      String mechanism = reader.readCString();
      while (!mechanism.isEmpty()) {
        mechanisms.add(mechanism);
        mechanism = reader.readCString();
      }
    }
    return mechanisms;
  }
}
