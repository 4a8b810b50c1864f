package io.prestogres.protocol;

import io.vertx.core.buffer.Buffer;

/** The messages of a frontend that the proxy sends or reads (manual, "Message Formats"). */
public final class Frontend {
  public static final byte BIND = 'B';
  public static final byte CLOSE = 'C';
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

  /** Parse: String name, String text, Int16 number of parameter types (none). */
  public static Buffer parse(String name, String text) {
    return new WireWriter()
        .start('P')
        .writeCString(name)
        .writeCString(text)
        .writeShort(0)
        .finish()
        .toBuffer();
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
