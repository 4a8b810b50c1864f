package io.prestogres.protocol;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The messages of a frontend that the proxy sends or reads (manual, "Message Formats"). */
public final class Frontend {
  public static final byte BIND = 'B';
  public static final byte CLOSE = 'C';
  public static final byte COPY_DATA = 'd';
  public static final byte COPY_DONE = 'c';
  public static final byte COPY_FAIL = 'f';
  public static final byte DESCRIBE = 'D';
  public static final byte EXECUTE = 'E';
  public static final byte FLUSH = 'H';
  public static final byte FUNCTION_CALL = 'F';
  public static final byte PARSE = 'P';
  public static final byte PASSWORD = 'p';
  public static final byte QUERY = 'Q';
  public static final byte SYNC = 'S';
  public static final byte TERMINATE = 'X';

  private static final int CANCEL_REQUEST_CODE = 80877102;
  private static final int SSL_REQUEST_CODE = 80877103;

  private Frontend() {}

  /** Query: String text. */
  public static Buffer query(String text) {
    return new WireWriter().start('Q').writeCString(text).finish().toBuffer();
  }

  /**
   * The text of a Query message.
   *
   * @throws PgException 08P01 if the message is not that text alone, 22021 if it is not UTF-8
   */
  public static String readQuery(Buffer frame) {
    WireReader reader = WireReader.body(frame);
    String text = reader.readCString();
    reader.end();
    return text;
  }

  /** Parse: String name, String text, Int16 count, then count × Int32 parameter type (or 0). */
  public static Buffer parse(String name, String text, List<Integer> parameterTypes) {
    WireWriter writer =
        new WireWriter()
            .start('P')
            .writeCString(name)
            .writeCString(text)
            .writeShort(parameterTypes.size());
    parameterTypes.forEach(writer::writeInt);
    return writer.finish().toBuffer();
  }

  /**
   * A Parse message.
   *
   * @param parameterTypes OIDs, 0 where the client leaves a type open; may be fewer than there are
   */
  public record Parse(String name, String text, List<Integer> parameterTypes) {

    public Parse {
      parameterTypes = List.copyOf(parameterTypes);
    }

    /**
     * Reads a frame.
     *
     * @throws PgException 08P01 if the message is not laid out so, 22021 if a text is not UTF-8
     */
    public static Parse read(Buffer frame) {
      WireReader reader = WireReader.body(frame);
      String name = reader.readCString();
      String text = reader.readCString();
      int count = reader.readCount(Integer.BYTES);
      List<Integer> types = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        types.add(reader.readInt());
      }
      reader.end();
      return new Parse(name, text, types);
    }
  }

  /** Bind without parameters, all results as text. */
  public static Buffer bind(String portal, String statement) {
    return new WireWriter()
        .start('B')
        .writeCString(portal)
        .writeCString(statement)
        .writeShort(0)
        .writeShort(0)
        .writeShort(0)
        .finish()
        .toBuffer();
  }

  /** Describe of a prepared statement: Byte1 'S', String name. */
  public static Buffer describeStatement(String name) {
    return new WireWriter().start('D').writeByte((byte) 'S').writeCString(name).finish().toBuffer();
  }

  /**
   * The prepared statement that a Parse message makes: String name, ….
   *
   * @param head the beginning of the frame, which may be too short to tell
   */
  public static Optional<String> parsedStatement(Buffer head) {
    return tried(() -> WireReader.body(head).readCString());
  }

  /**
   * The prepared statement that a Bind message names: String portal, String statement, ….
   *
   * @param head the beginning of the frame, which may be too short to tell
   */
  public static Optional<String> boundStatement(Buffer head) {
    return tried(
        () -> {
          WireReader reader = WireReader.body(head);
          reader.skipCString();
          return reader.readCString();
        });
  }

  /**
   * The portal that a Bind or an Execute message names: String portal, ….
   *
   * @param head the beginning of the frame, which may be too short to tell
   */
  public static Optional<String> portal(Buffer head) {
    return tried(() -> WireReader.body(head).readCString());
  }

  /** The prepared statement that a Close or Describe message names: Byte1 'S', String name. */
  public static Optional<String> namedStatement(Buffer frame) {
    return named('S', frame);
  }

  /** The portal that a Close or Describe message names: Byte1 'P', String name. */
  public static Optional<String> namedPortal(Buffer frame) {
    return named('P', frame);
  }

  private static Optional<String> named(char kind, Buffer frame) {
    return tried(
        () -> {
          WireReader reader = WireReader.body(frame);
          return reader.readByte() == kind ? reader.readCString() : null;
        });
  }

  private static Optional<String> tried(Supplier<@Nullable String> read) {
    try {
      return Optional.ofNullable(read.get());
    } catch (PgException tooShort) {
      return Optional.empty();
    }
  }

  /** Close of a portal: Byte1 'P', String name. */
  public static Buffer closePortal(String name) {
    return new WireWriter().start('C').writeByte((byte) 'P').writeCString(name).finish().toBuffer();
  }

  /** Close of a prepared statement: Byte1 'S', String name. */
  public static Buffer closeStatement(String name) {
    return new WireWriter().start('C').writeByte((byte) 'S').writeCString(name).finish().toBuffer();
  }

  /**
   * PasswordMessage as the answer to AuthenticationCleartextPassword: String password, in UTF-8.
   */
  public static String readPassword(Buffer frame) {
    return WireReader.body(frame).readCString();
  }

  /** Flush. */
  public static Buffer flush() {
    return new WireWriter().start('H').finish().toBuffer();
  }

  /** Execute without a row limit: String portal, Int32 0. */
  public static Buffer execute(String portal) {
    return new WireWriter().start('E').writeCString(portal).writeInt(0).finish().toBuffer();
  }

  /** Sync. */
  public static Buffer sync() {
    return new WireWriter().start('S').finish().toBuffer();
  }

  /** Terminate. */
  public static Buffer terminate() {
    return new WireWriter().start('X').finish().toBuffer();
  }

  /** SSLRequest: Int32 80877103. */
  public static Buffer sslRequest() {
    return new WireWriter().startUntyped().writeInt(SSL_REQUEST_CODE).finish().toBuffer();
  }

  /** CancelRequest: Int32 80877102, Int32 process id, the secret. */
  public static Buffer cancelRequest(int processId, Buffer secret) {
    return new WireWriter()
        .startUntyped()
        .writeInt(CANCEL_REQUEST_CODE)
        .writeInt(processId)
        .writeBytes(secret.getBytes())
        .finish()
        .toBuffer();
  }
}
