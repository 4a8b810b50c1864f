package io.prestogres.results;

import io.prestogres.presto.PrestoException;
import io.prestogres.presto.PrestoType;
import io.prestogres.presto.RowCursor;
import io.prestogres.presto.RowCursor.Kind;

/**
 * Writes values of one type as the text that PostgreSQL's input function of {@link
 * PrestoType#postgresType} reads. One object belongs to one column of one query: it may remember
 * things between values.
 */
abstract class ValueEncoder {

  /** The encoder of a column of type {@code type}. */
  static ValueEncoder of(PrestoType type) {
    if (type instanceof PrestoType.Scalar scalar) {
      return ofScalar(scalar);
    }
    if (type instanceof PrestoType.Array array && array.element() instanceof PrestoType.Scalar) {
      return new ArrayEncoder(of(array.element()));
    }
    return new JsonEncoder(JsonShape.of(type));
  }

  private static ValueEncoder ofScalar(PrestoType.Scalar type) {
    return switch (type.name()) {
      case "boolean" -> new BooleanEncoder();
      case "tinyint", "smallint", "integer", "bigint", "real", "double", "decimal" ->
          new PlainEncoder();
      case "uuid", "ipaddress" -> new PlainEncoder();
      case "varbinary" -> new BinaryEncoder();
      case "date", "time", "timestamp" -> new TimeEncoder();
      case "timestamp with time zone", "time with time zone" ->
          new ZonedEncoder(type.name().startsWith("timestamp"));
      case "interval day to second", "interval year to month" ->
          new IntervalEncoder(type.name().endsWith("second"));
      default -> new TextEncoder();
    };
  }

  /** Whether the text must be quoted as an element of an array. */
  abstract boolean quoted();

  /** Writes the current value of {@code value}, which is not NULL. */
  abstract void append(RowCursor value, TextSink out);

  /** As an element of an array literal: quoted if it must be, or NULL. */
  final void appendElement(RowCursor value, TextSink out) {
    if (value.kind() == Kind.NULL) {
      out.put("NULL");
    } else if (quoted()) {
      out.openQuote();
      append(value, out);
      out.closeQuote();
    } else {
      append(value, out);
    }
  }

  static PrestoException notOfItsType() {
    return new PrestoException("58030", "Presto sent a value that is not of its type");
  }

  private static final class BooleanEncoder extends ValueEncoder {
    @Override
    boolean quoted() {
      return false;
    }

    @Override
    void append(RowCursor value, TextSink out) {
      if (value.kind() != Kind.BOOLEAN) {
        throw notOfItsType();
      }
      out.put(value.isTrue() ? 't' : 'f');
    }
  }

  /** Numbers (NaN, infinities and decimals are JSON strings), uuid, addresses. */
  private static final class PlainEncoder extends ValueEncoder {
    @Override
    boolean quoted() {
      return false;
    }

    @Override
    void append(RowCursor value, TextSink out) {
      if (value.kind() != Kind.NUMBER && value.kind() != Kind.TEXT) {
        throw notOfItsType();
      }
      int from = value.offset();
      int to = from + value.length();
      if (value.kind() == Kind.NUMBER) {
        out.copy(value.bytes(), from, to);
      } else if (from < to) {
        out.putPlain(value.bytes(), from, to);
      } else {
        throw notOfItsType();
      }
    }
  }

  private static final class TextEncoder extends ValueEncoder {
    @Override
    boolean quoted() {
      return true;
    }

    @Override
    void append(RowCursor value, TextSink out) {
      switch (value.kind()) {
        case TEXT, NUMBER -> out.putText(value);
        case BOOLEAN -> out.put(value.isTrue() ? "true" : "false");
        // BingTile is an object. What has no type in PostgreSQL is shown as Presto sent it.
        default -> JsonShape.copy(value, out);
      }
    }
  }

  /** Base64, as {@code \x} and hexadecimal digits. */
  private static final class BinaryEncoder extends TextualEncoder {
    private static final String DIGITS = "0123456789abcdef";

    @Override
    boolean quoted() {
      return true;
    }

    @Override
    void append(byte[] text, int from, int to, TextSink out) {
      if ((to - from) % 4 != 0) {
        throw notOfItsType();
      }
      int end = to;
      while (end > from && text[end - 1] == '=') {
        end--;
      }
      out.putEscaped('\\');
      out.put('x');
      int bits = 0;
      int count = 0;
      for (int i = from; i < end; i++) {
        bits = bits << 6 | sextet(text[i]);
        count += 6;
        if (count >= 8) {
          count -= 8;
          int octet = bits >> count & 0xff;
          out.put(DIGITS.charAt(octet >> 4));
          out.put(DIGITS.charAt(octet & 15));
        }
      }
    }

    private static int sextet(byte c) {
      if (c >= 'A' && c <= 'Z') {
        return c - 'A';
      }
      if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
      }
      if (c >= '0' && c <= '9') {
        return c - '0' + 52;
      }
      if (c == '+' || c == '/') {
        return c == '+' ? 62 : 63;
      }
      throw notOfItsType();
    }
  }

  /** Dates and times without a zone. */
  private static final class TimeEncoder extends TextualEncoder {
    @Override
    boolean quoted() {
      return false;
    }

    @Override
    void append(byte[] text, int from, int to, TextSink out) {
      boolean beforeChrist = Years.append(text, from, to, out);
      if (beforeChrist) {
        out.put(" BC");
      }
    }
  }

  /** Elements are written by {@code element}, which is that of a scalar. */
  private static final class ArrayEncoder extends ValueEncoder {
    private final ValueEncoder element;

    ArrayEncoder(ValueEncoder element) {
      this.element = element;
    }

    @Override
    boolean quoted() {
      return true;
    }

    @Override
    void append(RowCursor value, TextSink out) {
      RowCursor array = value.kind() == Kind.TEXT ? value.nested() : value;
      if (array.kind() != Kind.ARRAY) {
        throw notOfItsType();
      }
      array.enter();
      out.put('{');
      boolean first = true;
      while (array.nextValue()) {
        if (!first) {
          out.put(',');
        }
        first = false;
        element.appendElement(array, out);
      }
      out.put('}');
    }
  }
}
