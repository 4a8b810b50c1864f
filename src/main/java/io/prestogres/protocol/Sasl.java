package io.prestogres.protocol;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The messages of SASL authentication (manual, "SASL Authentication" and "Message Formats"). */
public final class Sasl {
  /** Code of AuthenticationSASL. */
  public static final int OFFER = 10;

  /** Code of AuthenticationSASLContinue. */
  public static final int CHALLENGE = 11;

  /** Code of AuthenticationSASLFinal. */
  public static final int FINAL = 12;

  private static final String BOUND = "-PLUS";

  private Sasl() {}

  /**
   * SASLInitialResponse.
   *
   * @param data empty if the client leaves the first word to the server
   */
  public record InitialResponse(String mechanism, Optional<byte[]> data) {
    /**
     * Reads a frame.
     *
     * @throws PgException 08P01 if the message is not laid out so
     */
    public static InitialResponse read(Buffer frame) {
      WireReader reader = WireReader.body(frame);
      String mechanism = reader.readCString();
      int length = reader.readInt();
      Optional<byte[]> data =
          length == -1 ? Optional.empty() : Optional.of(reader.readBytes(length));
      reader.end();
      return new InitialResponse(mechanism, data);
    }

    /** The message. */
    public Buffer toBuffer() {
      WireWriter writer = new WireWriter().start('p').writeCString(mechanism);
      data.ifPresentOrElse(writer::writeSized, () -> writer.writeInt(-1));
      return writer.finish().toBuffer();
    }
  }

  /** SASLResponse. */
  public static Buffer response(byte[] data) {
    return new WireWriter().start('p').writeBytes(data).finish().toBuffer();
  }

  /** The data of a SASLResponse. */
  public static byte[] readResponse(Buffer frame) {
    WireReader reader = WireReader.body(frame);
    return reader.readBytes(reader.remaining());
  }

  /** AuthenticationSASL. */
  public static Buffer offer(List<String> mechanisms) {
    WireWriter writer = new WireWriter().start('R').writeInt(OFFER);
    mechanisms.forEach(writer::writeCString);
    return writer.writeByte((byte) 0).finish().toBuffer();
  }

  /** AuthenticationSASLContinue. */
  public static Buffer challenge(byte[] data) {
    return new WireWriter().start('R').writeInt(CHALLENGE).writeBytes(data).finish().toBuffer();
  }

  /** AuthenticationSASLFinal. */
  public static Buffer last(byte[] data) {
    return new WireWriter().start('R').writeInt(FINAL).writeBytes(data).finish().toBuffer();
  }

  /** The data of AuthenticationSASLContinue or AuthenticationSASLFinal. */
  public static byte[] readData(Buffer frame) {
    WireReader reader = WireReader.body(frame);
    reader.readInt();
    return reader.readBytes(reader.remaining());
  }

  /** What an Authentication message offers; nothing if it is one of another kind. */
  public static List<String> readOffer(Buffer frame) {
    WireReader reader = WireReader.body(frame);
    List<String> mechanisms = new ArrayList<>();
    if (reader.readInt() == OFFER) {
      String mechanism = reader.readCString();
      while (!mechanism.isEmpty()) {
        mechanisms.add(mechanism);
        mechanism = reader.readCString();
      }
    }
    return mechanisms;
  }

  /**
   * An Authentication message without the mechanisms that bind to the TLS channel; the same one if
   * it offers none.
   */
  public static Buffer withoutBinding(Buffer frame) {
    List<String> offered = readOffer(frame);
    List<String> unbound = offered.stream().filter(name -> !name.endsWith(BOUND)).toList();
    return unbound.size() == offered.size() ? frame : offer(unbound);
  }
}
