package io.prestogres.sql;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.OptionalInt;

/**
 * Tells in one walk over its bytes that a message cannot concern any of some relations: a tenth of
 * the cost of scanning it. Where it says "may", {@link StatementScanner} has to look.
 *
 * <p>It knows the first word of every name, as a hash: letters, digits and underscores in a row, in
 * lower case. A name cannot stand in a text without that word; what the text may hold in disguise
 * (Unicode escapes, dollar quotes, names that are cut) counts as "may". Immutable.
 */
public final class NameFilter {
  /** NAMEDATALEN - 1: longer identifiers are cut. */
  private static final int LONGEST_NAME = 63;

  private static final int SLOTS_FOR_EACH = 4;
  private static final int FNV_PRIME = 16_777_619;
  private static final int FNV_BASIS = 0x811c9dc5;

  private final int[] hashes;
  private final boolean always;

  private NameFilter(int[] hashes, boolean always) {
    this.hashes = hashes;
    this.always = always;
  }

  /** A filter for the names of these relations, without their schemas. */
  public static NameFilter of(Collection<String> relations) {
    int words = relations.size() + ShapeFinder.NOTABLE_VERBS.size();
    int[] hashes = new int[Integer.highestOneBit(words * SLOTS_FOR_EACH) << 1];
    ShapeFinder.NOTABLE_VERBS.forEach(verb -> insert(firstWord(verb).orElseThrow(), hashes));
    boolean always = false;
    for (String relation : relations) {
      OptionalInt word = firstWord(relation);
      word.ifPresent(hash -> insert(hash, hashes));
      always |= word.isEmpty();
    }
    return new NameFilter(hashes, always);
  }

  /** The hash of a name's first word; empty if a text may hold the name without such a word. */
  private static OptionalInt firstWord(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    int start = 0;
    while (start < bytes.length && !startsWord(bytes[start])) {
      start++;
    }
    int end = endOfWord(bytes, start, bytes.length);
    boolean mayBeCut = start > 0 && end >= LONGEST_NAME;
    return start == end || mayBeCut ? OptionalInt.empty() : OptionalInt.of(hash(bytes, start, end));
  }

  private static void insert(int hash, int[] hashes) {
    int slot = hash & hashes.length - 1;
    while (hashes[slot] != 0 && hashes[slot] != hash) {
      slot = slot + 1 & hashes.length - 1;
    }
    hashes[slot] = hash;
  }

  private boolean has(int hash) {
    int slot = hash & hashes.length - 1;
    while (hashes[slot] != 0) {
      if (hashes[slot] == hash) {
        return true;
      }
      slot = slot + 1 & hashes.length - 1;
    }
    return false;
  }

  /**
   * Whether the text may name one of the relations, or be a statement that only Presto has.
   *
   * @param text in UTF-8, or anything in which ASCII stands for itself
   */
  public boolean mayConcern(byte[] text) {
    if (always) {
      return true;
    }
    int length = text.length;
    int i = 0;
    while (i < length) {
      byte b = text[i];
      if (startsWord(b)) {
        int end = endOfWord(text, i, length);
        if (end - i > LONGEST_NAME || has(hash(text, i, end))) {
          return true;
        }
        i = end;
      } else if (disguises(b, i + 1 < length ? text[i + 1] : 0)) {
        return true;
      } else {
        i++;
      }
    }
    return false;
  }

  /** {@code $$} or {@code $tag$} but no parameter; the beginning of {@code U&"…"}. */
  private static boolean disguises(byte b, byte next) {
    return (b == '$' && !isDigit(next)) || (b == '&' && next == '"');
  }

  private static int endOfWord(byte[] text, int start, int length) {
    int i = start;
    while (i < length && (startsWord(text[i]) || isDigit(text[i]))) {
      i++;
    }
    return i;
  }

  private static boolean startsWord(byte b) {
    int letter = b | 0x20;
    return (letter >= 'a' && letter <= 'z') || b == '_' || b < 0;
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  /** FNV-1a over the word in lower case; never 0. */
  private static int hash(byte[] text, int start, int end) {
    int hash = FNV_BASIS;
    for (int i = start; i < end; i++) {
      byte b = text[i];
      hash = (hash ^ (b >= 'A' && b <= 'Z' ? b | 0x20 : b)) * FNV_PRIME;
    }
    return hash == 0 ? 1 : hash;
  }
}
