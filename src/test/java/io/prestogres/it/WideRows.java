package io.prestogres.it;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads the rows of {@link #query} as fast as a client can, and compares every byte of them. */
final class WideRows {
  private static final int WIDTH = 8000;

  /** Type, length, number of columns, length of the first. */
  private static final int HEAD = 1 + 4 + 2 + 4;

  private static final byte[] WIDE = "x".repeat(WIDTH).getBytes(StandardCharsets.US_ASCII);

  private final InputStream in;
  private final byte[] buffer = new byte[1 << 20];
  private int from;
  private int to;
  private long rows;

  WideRows(InputStream in) {
    this.in = in;
  }

  /** So many rows, numbered by a sequence: its last value is the row that PostgreSQL is at. */
  static String query(long rows, String sequence) {
    return "select repeat('x', %d), nextval('%s') from (select generate_series(1, %d)) s"
        .formatted(WIDTH, sequence, rows);
  }

  /** How many rows have about so many bytes. */
  static long rowsOf(long bytes) {
    return bytes / (HEAD + WIDTH + 4);
  }

  /** About the bytes of so many rows. */
  static long bytesOf(long rows) {
    return rows * (HEAD + WIDTH + 4);
  }

  /** How many rows were read. */
  long rows() {
    return rows;
  }

  /** Reads until there are so many rows. */
  void readRows(long wanted) throws IOException {
    while (rows < wanted) {
      byte type = need(HEAD)[from];
      int length = 1 + ByteBuffer.wrap(buffer, from + 1, 4).getInt();
      need(length);
      if (type == 'D') {
        check(length);
        rows++;
      } else if (type != 'T') {
        throw new IOException("message " + (char) type + " after " + rows + " rows");
      }
      from += length;
    }
  }

  private void check(int length) throws IOException {
    byte[] number = String.valueOf(rows + 1).getBytes(StandardCharsets.US_ASCII);
    int wide = from + HEAD;
    int last = wide + WIDTH + 4;
    boolean same =
        length == HEAD + WIDTH + 4 + number.length
            && Arrays.equals(buffer, wide, wide + WIDTH, WIDE, 0, WIDTH)
            && Arrays.equals(buffer, last, from + length, number, 0, number.length);
    if (!same) {
      throw new IOException("row " + (rows + 1) + " is not as it was sent");
    }
  }

  /** The rest of the answer, which has to end here. */
  String end() throws IOException {
    byte[] rest = new byte[buffer.length];
    int length = to - from;
    System.arraycopy(buffer, from, rest, 0, length);
    while (length < 6 || rest[length - 6] != 'Z') {
      int read = in.read(rest, length, rest.length - length);
      if (read < 0) {
        throw new IOException("the end came before ReadyForQuery");
      }
      length += read;
    }
    return new String(rest, 0, length, StandardCharsets.ISO_8859_1);
  }

  private byte[] need(int count) throws IOException {
    if (buffer.length - from < count) {
      System.arraycopy(buffer, from, buffer, 0, to - from);
      to -= from;
      from = 0;
    }
    while (to - from < count) {
      int read = in.read(buffer, to, buffer.length - to);
      if (read < 0) {
        throw new IOException("the end came after " + rows + " rows");
      }
      to += read;
    }
    return buffer;
  }
}
