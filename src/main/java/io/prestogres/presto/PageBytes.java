package io.prestogres.presto;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The body of an answer, gathered into one array that Jackson reads without a copy. */
final class PageBytes {
  /** Presto's pages stay below 40 MiB whatever is asked for; a single row can be larger. */
  static final int MAX_SIZE = 256 * 1024 * 1024;

  private static final int MAX_TEXT = 500;

  private byte[] bytes = new byte[4096];
  private int size;

  /** False when there would be more than is allowed. */
  boolean append(Buffer chunk) {
    int length = chunk.length();
    if (length > MAX_SIZE - size) {
      return false;
    }
    if (length > bytes.length - size) {
      bytes = Arrays.copyOf(bytes, Math.max(size + length, Math.min(MAX_SIZE, 2 * bytes.length)));
    }
    chunk.getBytes(bytes, size);
    size += length;
    return true;
  }

  byte[] array() {
    return bytes;
  }

  int size() {
    return size;
  }

  /** The first line, for the plain texts in which the coordinator refuses a request. */
  String firstLine() {
    String text = new String(bytes, 0, Math.min(size, MAX_TEXT), StandardCharsets.UTF_8).strip();
    return text.startsWith("<") ? "" : text.lines().findFirst().orElse("");
  }
}
