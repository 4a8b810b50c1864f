package io.prestogres.presto;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One answer of {@code /v1/statement}. Read in two steps, for the rows lie in the middle: {@link
 * #parse} stops at them, {@link #readTail} goes on behind them. Jackson reads what is around the
 * rows, {@link JsonScanner} the rows.
 */
final class StatementPage {
  // Sizes are bounded by the page, so a string may be as long as a page.
  static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxNumberLength(10_000)
                  .build())
          .build();

  private final PageBytes bytes;
  private JsonParser parser;

  private String id = "";
  private String infoUri = "";
  private String nextUri = "";
  private String updateType = "";
  private long updateCount = -1;
  private @Nullable List<PrestoColumn> columns;
  private @Nullable PrestoException error;
  private @Nullable RowCursor rows;
  private @Nullable JsonScanner scanner;

  private StatementPage(PageBytes bytes, JsonParser parser) {
    this.bytes = bytes;
    this.parser = parser;
  }

  /**
   * Reads up to the first row.
   *
   * @param columnsKnown whether an earlier page told the columns
   */
  static StatementPage parse(PageBytes bytes, boolean columnsKnown) {
    StatementPage page = open(bytes);
    page.readFields();
    if (page.rows != null && page.columns == null && !columnsKnown) {
      // Never seen, but the order of the fields is nobody's promise: look behind the rows first.
      StatementPage whole = open(bytes);
      whole.skipRows();
      page.columns = whole.columns;
      if (page.columns == null) {
        throw PrestoException.malformed("it has rows but no columns");
      }
    }
    return page;
  }

  private static StatementPage open(PageBytes bytes) {
    return new StatementPage(bytes, object(bytes.array(), bytes.size()));
  }

  /** A parser that stands in the object which the bytes are. */
  private static JsonParser object(byte[] bytes, int size) {
    try {
      JsonParser parser = JSON.createParser(bytes, 0, size);
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw PrestoException.malformed("it is not a JSON object");
      }
      return parser;
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  /** Reads what stands behind the rows, which must have been read to their end. */
  void readTail() {
    JsonScanner behind = scanner;
    if (behind == null) {
      throw new IllegalStateException("there were no rows");
    }
    rows = null;
    scanner = null;
    if (behind.peek() == ',') {
      behind.skip();
    } else if (behind.peek() != '}') {
      throw PrestoException.malformed("it is not valid JSON");
    }
    // As an object of its own: what follows the rows is short.
    int from = behind.position();
    byte[] rest = new byte[1 + bytes.size() - from];
    rest[0] = '{';
    System.arraycopy(bytes.array(), from, rest, 1, rest.length - 1);
    parser = object(rest, rest.length);
    readFields();
    if (rows != null) {
      throw PrestoException.malformed("it has two sets of rows");
    }
  }

  private void skipRows() {
    readFields();
    RowCursor skipped = rows;
    while (skipped != null && skipped.nextRow()) {}
    if (skipped != null) {
      readTail();
    }
  }

  private void readFields() {
    try {
      while (rows == null) {
        JsonToken token = parser.nextToken();
        if (token == JsonToken.END_OBJECT) {
          return;
        }
        if (token != JsonToken.FIELD_NAME) {
          throw PrestoException.malformed("it breaks off");
        }
        readField(parser.currentName());
      }
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  private void readField(String name) throws IOException {
    JsonToken token = parser.nextToken();
    switch (name) {
      case "id" -> id = parser.getValueAsString("");
      case "infoUri" -> infoUri = parser.getValueAsString("");
      case "nextUri" -> nextUri = parser.getValueAsString("");
      case "updateType" -> updateType = parser.getValueAsString("");
      case "updateCount" -> updateCount = parser.getValueAsLong(-1);
      case "columns" -> columns = token == JsonToken.START_ARRAY ? readColumns() : null;
      case "error" -> error = token == JsonToken.START_OBJECT ? readError() : null;
      case "data" -> readData(token);
      default -> parser.skipChildren();
    }
  }

  private void readData(JsonToken token) throws IOException {
    if (token == JsonToken.START_ARRAY) {
      int start = Math.toIntExact(parser.currentLocation().getByteOffset());
      if (parser.nextToken() != JsonToken.END_ARRAY) {
        scanner = new JsonScanner(bytes.array(), start, bytes.size());
        rows = RowCursor.ofPage(scanner);
      }
    } else if (token != JsonToken.VALUE_NULL) {
      throw PrestoException.malformed("its rows are in a form that was not asked for");
    }
  }

  private List<PrestoColumn> readColumns() throws IOException {
    List<PrestoColumn> read = new ArrayList<>();
    while (parser.nextToken() == JsonToken.START_OBJECT) {
      String name = "";
      String type = "unknown";
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        parser.nextToken();
        switch (field) {
          case "name" -> name = parser.getValueAsString("");
          case "type" -> type = parser.getValueAsString("unknown");
          default -> parser.skipChildren();
        }
      }
      read.add(new PrestoColumn(name, PrestoType.parse(type)));
    }
    return List.copyOf(read);
  }

  private PrestoException readError() throws IOException {
    String name = "";
    String type = "";
    String message = "";
    boolean retriable = false;
    PrestoException.Location location = null;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      JsonToken token = parser.nextToken();
      switch (field) {
        case "errorName" -> name = parser.getValueAsString("");
        case "errorType" -> type = parser.getValueAsString("");
        case "message" -> message = parser.getValueAsString("");
        case "retriable" -> retriable = token == JsonToken.VALUE_TRUE;
        case "errorLocation" -> location = readLocation(token);
        default -> parser.skipChildren();
      }
    }
    return PrestoErrors.of(name, type, message, id, location, retriable);
  }

  private PrestoException.@Nullable Location readLocation(JsonToken token) throws IOException {
    if (token != JsonToken.START_OBJECT) {
      return null;
    }
    int line = 0;
    int column = 0;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      parser.nextToken();
      switch (field) {
        case "lineNumber" -> line = parser.getValueAsInt(0);
        case "columnNumber" -> column = parser.getValueAsInt(0);
        default -> parser.skipChildren();
      }
    }
    return line < 1 || column < 1 ? null : new PrestoException.Location(line, column);
  }

  String id() {
    return id;
  }

  String infoUri() {
    return infoUri;
  }

  String updateType() {
    return updateType;
  }

  /** Below 0 when there is none. */
  long updateCount() {
    return updateCount;
  }

  @Nullable List<PrestoColumn> columns() {
    return columns;
  }

  @Nullable PrestoException error() {
    return error;
  }

  /** Not null as long as there are rows to be read. */
  @Nullable RowCursor rows() {
    return rows;
  }

  /** Null at the end of the result. */
  @Nullable URI nextUri() {
    if (nextUri.isEmpty()) {
      return null;
    }
    try {
      URI uri = URI.create(nextUri);
      String scheme = uri.getScheme();
      if (uri.getHost() != null && ("http".equals(scheme) || "https".equals(scheme))) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      throw PrestoException.malformed("its nextUri is none");
    }
    throw PrestoException.malformed("its nextUri is neither http nor https");
  }

  /** Without Jackson's text, which quotes what it could not read: rows are nobody's to log. */
  static PrestoException malformed(IOException e) {
    return e instanceof com.fasterxml.jackson.core.io.JsonEOFException
        ? PrestoException.malformed("it breaks off")
        : PrestoException.malformed("it is not valid JSON");
  }
}
