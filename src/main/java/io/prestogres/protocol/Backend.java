package io.prestogres.protocol;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The messages of a backend that the proxy sends or reads (manual, "Message Formats"). */
public final class Backend {
  public static final byte AUTHENTICATION = 'R';
  public static final byte BACKEND_KEY_DATA = 'K';
  public static final byte BIND_COMPLETE = '2';
  public static final byte CLOSE_COMPLETE = '3';
  public static final byte COMMAND_COMPLETE = 'C';
  public static final byte COPY_DATA = 'd';
  public static final byte COPY_IN_RESPONSE = 'G';
  public static final byte DATA_ROW = 'D';
  public static final byte EMPTY_QUERY_RESPONSE = 'I';
  public static final byte ERROR_RESPONSE = 'E';
  public static final byte NO_DATA = 'n';
  public static final byte NOTICE_RESPONSE = 'N';
  public static final byte NOTIFICATION_RESPONSE = 'A';
  public static final byte PARAMETER_DESCRIPTION = 't';
  public static final byte PARAMETER_STATUS = 'S';
  public static final byte PARSE_COMPLETE = '1';
  public static final byte PORTAL_SUSPENDED = 's';
  public static final byte READY_FOR_QUERY = 'Z';
  public static final byte ROW_DESCRIPTION = 'T';

  /** Transaction status of ReadyForQuery: outside a transaction. */
  public static final byte IDLE = 'I';

  /** Transaction status of ReadyForQuery: in a transaction. */
  public static final byte IN_TRANSACTION = 'T';

  /** Transaction status of ReadyForQuery: in a failed transaction. */
  public static final byte FAILED_TRANSACTION = 'E';

  /** Code of AuthenticationOk. */
  public static final int AUTHENTICATION_OK = 0;

  /** Code of AuthenticationCleartextPassword. */
  public static final int AUTHENTICATION_CLEARTEXT_PASSWORD = 3;

  /** OID of type text[]. */
  public static final int TEXT_ARRAY_OID = 1009;

  /** OID of type text. */
  public static final int TEXT_OID = 25;

  private Backend() {}

  /** BackendKeyData: Int32 process id, the secret (4 bytes in 3.0, up to 256 in 3.2). */
  public record KeyData(int processId, Buffer secret) {
    /** Reads a frame. */
    public static KeyData read(Buffer frame) {
      WireReader reader = WireReader.body(frame);
      int processId = reader.readInt();
      return new KeyData(processId, Buffer.buffer(reader.readBytes(reader.remaining())));
    }

    /** The message. */
    public Buffer toBuffer() {
      return new WireWriter()
          .start('K')
          .writeInt(processId)
          .writeBytes(secret.getBytes())
          .finish()
          .toBuffer();
    }
  }

  /** ParameterStatus: String name, String value. */
  public record ParameterStatus(String name, String value) {
    /** Reads a frame. */
    public static ParameterStatus read(Buffer frame) {
      WireReader reader = WireReader.body(frame);
      return new ParameterStatus(reader.readCString(), reader.readCString());
    }

    /** The message. */
    public Buffer toBuffer() {
      return new WireWriter().start('S').writeCString(name).writeCString(value).finish().toBuffer();
    }
  }

  /**
   * One column of a RowDescription; the format is not of interest here.
   *
   * @param table the OID of the table that it comes from, 0 if from none
   * @param column its number in that table, 0 if it comes from none
   */
  public record Field(String name, int table, short column, int typeOid, int typeModifier) {
    /** A column that comes from no table. */
    public Field(String name, int typeOid, int typeModifier) {
      this(name, 0, (short) 0, typeOid, typeModifier);
    }

    /** Whether the two differ in nothing but the table that they come from. */
    public boolean isLike(Field other) {
      return name.equals(other.name)
          && typeOid == other.typeOid
          && typeModifier == other.typeModifier;
    }
  }

  /** RowDescription: Int16 count, for each String name, Int32 table, Int16 column, Int32 type … */
  public static List<Field> readRowDescription(Buffer frame) {
    WireReader reader = WireReader.body(frame);
    int count = reader.readCount(19);
    List<Field> fields = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      String name = reader.readCString();
      int table = reader.readInt();
      short column = reader.readShort();
      int typeOid = reader.readInt();
      reader.readShort();
      int typeModifier = reader.readInt();
      reader.readShort();
      fields.add(new Field(name, table, column, typeOid, typeModifier));
    }
    return fields;
  }

  /** A RowDescription whose columns come from where these do; the same one if they are others. */
  public static Buffer withOrigins(Buffer rowDescription, List<Field> fields) {
    WireReader reader = WireReader.body(rowDescription);
    if (reader.readCount(19) != fields.size()) {
      return rowDescription;
    }
    Buffer result = rowDescription.copy();
    for (Field field : fields) {
      reader.skipCString();
      int position = reader.position();
      result.setInt(position, field.table()).setShort(position + Integer.BYTES, field.column());
      reader.skip(18);
    }
    return result;
  }

  /** RowDescription of columns in text format. */
  public static Buffer rowDescription(List<Field> fields) {
    WireWriter writer = new WireWriter().start('T').writeShort(fields.size());
    for (Field field : fields) {
      writer
          .writeCString(field.name())
          .writeInt(field.table())
          .writeShort(field.column())
          .writeInt(field.typeOid())
          .writeShort(-1)
          .writeInt(field.typeModifier())
          .writeShort(0);
    }
    return writer.finish().toBuffer();
  }

  /** ParameterDescription: Int16 count, then count × Int32 type. */
  public static List<Integer> readParameterDescription(Buffer frame) {
    WireReader reader = WireReader.body(frame);
    int count = reader.readCount(Integer.BYTES);
    List<Integer> types = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      types.add(reader.readInt());
    }
    return types;
  }

  /** CommandComplete: String tag. */
  public static String readCommandComplete(Buffer frame) {
    return WireReader.body(frame).readCString();
  }

  /** DataRow in text format: Int16 count, for each Int32 length (-1 for NULL) and the bytes. */
  public static List<Optional<String>> readDataRow(Buffer frame) {
    return WireReader.body(frame).readTextValues();
  }

  /** The authentication code of an Authentication message: 0 is Ok, 3 asks for a password. */
  public static int readAuthentication(Buffer frame) {
    return WireReader.body(frame).readInt();
  }

  /** AuthenticationOk. */
  public static Buffer authenticationOk() {
    return new WireWriter().start('R').writeInt(AUTHENTICATION_OK).finish().toBuffer();
  }

  /** AuthenticationCleartextPassword. */
  public static Buffer authenticationCleartextPassword() {
    return new WireWriter()
        .start('R')
        .writeInt(AUTHENTICATION_CLEARTEXT_PASSWORD)
        .finish()
        .toBuffer();
  }

  /** ReadyForQuery: Byte1 transaction status. */
  public static Buffer readyForQuery(byte status) {
    return new WireWriter().start('Z').writeByte(status).finish().toBuffer();
  }

  /** The transaction status of a ReadyForQuery. */
  public static byte readReadyForQuery(Buffer frame) {
    return WireReader.body(frame).readByte();
  }

  /** CommandComplete: String tag. */
  public static Buffer commandComplete(String tag) {
    return new WireWriter().start('C').writeCString(tag).finish().toBuffer();
  }

  /** A message that is its type alone, such as ParseComplete '1' or NoData 'n'. */
  public static Buffer empty(char type) {
    return new WireWriter().start(type).finish().toBuffer();
  }
}
