package io.prestogres.functions;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Texts in the headers of Presto's protocol. */
public final class HeaderText {
  private HeaderText() {}

  /** Percent-encoded, as Presto decodes values of properties and credentials. */
  public static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
