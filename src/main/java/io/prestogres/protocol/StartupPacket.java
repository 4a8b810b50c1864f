package io.prestogres.protocol;

import io.vertx.core.buffer.Buffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a client may send before there are frames (manual, "Message Formats", no type byte). */
public sealed interface StartupPacket {
  /** PostgreSQL's own bound, MAX_STARTUP_PACKET_LENGTH, and the length that it leaves out. */
  int MAX_LENGTH = 10_004;

  /** PostgreSQL's bound on the secret of protocol 3.2 (manual, BackendKeyData). */
  int MAX_KEY_BYTES = 256;

  /** NEGOTIATE_SSL_CODE. */
  int SSL_REQUEST_CODE = 80877103;

  /** NEGOTIATE_GSS_CODE. */
  int GSSENC_REQUEST_CODE = 80877104;

  /** Int32 length, Int32 80877103. */
  record SslRequest() implements StartupPacket {}

  /** Int32 length, Int32 80877104. */
  record GssEncRequest() implements StartupPacket {}

  /** Int32 length, Int32 80877102, Int32 process id, the secret. */
  record CancelRequest(int processId, Buffer secret) implements StartupPacket {}

  /**
   * Int32 length, Int32 protocol version, then pairs of strings and a zero byte.
   *
   * @param packet the bytes as the client sent them
   */
  record StartupMessage(int version, Map<String, String> parameters, Buffer packet)
      implements StartupPacket {
    /** The role that logs in. */
    public String user() {
      return parameters.getOrDefault("user", "");
    }

    /** The database asked for; PostgreSQL takes the role's name where none is given. */
    public String database() {
      String database = parameters.getOrDefault("database", "");
      return database.isEmpty() ? user() : database;
    }

    /**
     * The same message with other parameters.
     *
     * @throws PgException 08P01 if they make it longer than PostgreSQL takes, or hold a zero byte
     */
    public StartupMessage with(Map<String, String> changed) {
      WireWriter writer = new WireWriter().startUntyped().writeInt(version);
      changed.forEach((name, value) -> writer.writeCString(name).writeCString(value));
      Buffer bytes = writer.writeByte((byte) 0).finish().toBuffer();
      if (bytes.length() > MAX_LENGTH) {
        throw PgException.protocolViolation("invalid length of startup packet");
      }
      return new StartupMessage(
          version, Collections.unmodifiableMap(new LinkedHashMap<>(changed)), bytes);
    }

    /** Whether this is a walsender connection, whose messages are not ours to look at. */
    public boolean replication() {
      String replication = parameters.getOrDefault("replication", "");
      return !(replication.isEmpty()
          || replication.equals("false")
          || replication.equals("off")
          || replication.equals("no")
          || replication.equals("0"));
    }
  }

  /**
   * How many bytes the packet at the beginning of these bytes has, or 0 while that cannot be told.
   *
   * @throws NoStartupPacket if none has that length
   */
  static int length(Buffer bytes) {
    if (bytes.length() < 4) {
      return 0;
    }
    int length = bytes.getInt(0);
    if (length < 8 || length > MAX_LENGTH) {
      throw new NoStartupPacket("invalid length of startup packet");
    }
    return length;
  }

  /**
   * Reads one whole packet.
   *
   * @throws PgException 08P01 if it is none
   */
  static StartupPacket read(Buffer packet) {
    WireReader reader = WireReader.at(packet, 4);
    int code = reader.readInt();
    return switch (code) {
      case 80877102 -> cancelRequest(reader);
      case SSL_REQUEST_CODE -> new SslRequest();
      case GSSENC_REQUEST_CODE -> new GssEncRequest();
      default -> startupMessage(code, reader, packet);
    };
  }

  private static CancelRequest cancelRequest(WireReader reader) {
    int processId = reader.readInt();
    int bytes = reader.remaining();
    if (bytes < 1 || bytes > MAX_KEY_BYTES) {
      throw PgException.protocolViolation("invalid length of query cancel packet");
    }
    return new CancelRequest(processId, Buffer.buffer(reader.readBytes(bytes)));
  }

  private static StartupMessage startupMessage(int version, WireReader reader, Buffer packet) {
    if (version >>> 16 != 3) {
      throw UnsupportedProtocol.of(version);
    }
    Map<String, String> parameters = new LinkedHashMap<>();
    while (true) {
      String name = reader.readLenientCString();
      if (name.isEmpty()) {
        break;
      }
      // Who it is has to be certain; everything else PostgreSQL reads, in whatever encoding.
      boolean certain = name.equals("user") || name.equals("database");
      parameters.put(name, certain ? reader.readCString() : reader.readLenientCString());
    }
    if (reader.remaining() > 0) {
      throw PgException.protocolViolation(
          "invalid startup packet layout: expected terminator as last byte");
    }
    if (parameters.getOrDefault("user", "").isEmpty()) {
      throw PgException.fatal(
          SqlState.INVALID_AUTHORIZATION, "no PostgreSQL user name specified in startup packet");
    }
    return new StartupMessage(version, Collections.unmodifiableMap(parameters), packet);
  }
}
