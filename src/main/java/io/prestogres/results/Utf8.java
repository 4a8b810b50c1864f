package io.prestogres.results;

import io.prestogres.presto.PrestoException;

/**
 * Looks at text in UTF-8 before PostgreSQL gets it: postgres_fdw takes what it is sent for right.
 */
final class Utf8 {
  private Utf8() {}

  /**
   * How many bytes the sign has that begins at {@code i} and is not ASCII (The Unicode Standard,
   * table 3-7).
   *
   * @throws PrestoException 22021 at half of a surrogate pair, 58030 at what is not UTF-8
   */
  static int length(byte[] text, int i, int end) {
    int lead = text[i] & 0xff;
    int length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (lead < 0xc2 || lead > 0xf4 || i + length > end) {
      throw invalid();
    }
    int second = text[i + 1] & 0xff;
    if (lead == 0xed && second >= 0xa0 && second <= 0xbf) {
      throw untranslatable("half of a surrogate pair");
    }
    int least = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    int most = lead == 0xf4 ? 0x8f : 0xbf;
    if (second < least || second > most) {
      throw invalid();
    }
    for (int j = i + 2; j < i + length; j++) {
      if ((text[j] & 0xc0) != 0x80) {
        throw invalid();
      }
    }
    return length;
  }

  static PrestoException untranslatable(String what) {
    return new PrestoException("22021", "a text holds " + what + ", which PostgreSQL cannot hold");
  }

  private static PrestoException invalid() {
    return new PrestoException("58030", "Presto sent a text that is not UTF-8");
  }
}
