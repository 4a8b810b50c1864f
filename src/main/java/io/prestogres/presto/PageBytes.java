package io.prestogres.presto;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The body of an answer, gathered into one array that Jackson reads without a copy. */
final class PageBytes {
  /** Presto's pages stay below 40 MiB whatever is asked for; a single row can be larger. */
  static final int MAX_SIZE = 256 * 1024 * 1024;

  private static final int MAX_TEXT = 500;
  private static final int MAX_READ = 64 * 1024;

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

  /**
   * The first line, for the plain texts in which the coordinator refuses a request; without a
   * secret that may be in it, which is taken out before the text is cut.
   */
  String firstLine(String secret) {
    String text = new String(bytes, 0, Math.min(size, MAX_READ), StandardCharsets.UTF_8).strip();
    String line = text.startsWith("<") ? "" : text.lines().findFirst().orElse("");
    String clean = secret.isEmpty() ? line : line.replace(secret, "…");
    return clean.substring(0, Math.min(clean.length(), MAX_TEXT));
  }
}
