package io.prestogres.functions.trino;

import io.prestogres.functions.ColumnType;
import io.trino.jdbc.$internal.client.ClientTypeSignature;
import io.trino.jdbc.$internal.client.ClientTypeSignatureParameter;
import io.trino.jdbc.$internal.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values as Trino sends them. */
final class TrinoValues {
  private static final boolean JAVA_IS_SHORT = Runtime.version().feature() >= 19;

  /** Above a power of two numbers are farther apart than below: the nearest may be too far. */
  private static final List<RoundingMode> ROUNDINGS =
      List.of(RoundingMode.HALF_EVEN, RoundingMode.CEILING, RoundingMode.FLOOR);

  private TrinoValues() {}

  static ColumnType type(ClientTypeSignature signature) {
    String name = signature.getRawType().toLowerCase(Locale.ROOT);
    List<ColumnType> children = new ArrayList<>();
    List<String> names = new ArrayList<>();
    switch (name) {
      case "array", "map" ->
          signature.getArgumentsAsTypeSignatures().forEach(inner -> children.add(type(inner)));
      case "row" -> {
        for (ClientTypeSignatureParameter field : signature.getArguments()) {
          children.add(type(field.getTypeSignature()));
          names.add(field.getName().orElse(""));
        }
      }
      default -> {}
    }
    return new ColumnType(name, children, names);
  }

  static @Nullable Object of(JsonNode value, ColumnType type) throws SQLException {
    if (value.isNull()) {
      return null;
    }
    return switch (type.name()) {
      case "array" -> array(value, type.children().get(0));
      case "map" -> map(value, type.children().get(1));
      case "row" -> row(value, type.children());
      case "varbinary" -> bytes(value);
      default -> text(value);
    };
  }

  private static List<@Nullable Object> array(JsonNode array, ColumnType type) throws SQLException {
    require(array.isArray());
    List<@Nullable Object> values = new ArrayList<>(array.size());
    for (JsonNode element : array) {
      values.add(of(element, type));
    }
    return values;
  }

  private static Map<String, @Nullable Object> map(JsonNode map, ColumnType type)
      throws SQLException {
    require(map.isObject());
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : map.properties()) {
      values.put(entry.getKey(), of(entry.getValue(), type));
    }
    return values;
  }

  private static List<@Nullable Object> row(JsonNode row, List<ColumnType> types)
      throws SQLException {
    require(row.isArray() && row.size() == types.size());
    List<@Nullable Object> values = new ArrayList<>(row.size());
    for (int i = 0; i < row.size(); i++) {
      values.add(of(row.get(i), types.get(i)));
    }
    return values;
  }

  private static byte[] bytes(JsonNode value) throws SQLException {
    require(value.isTextual());
    try {
      return Base64.getDecoder().decode(value.textValue());
    } catch (IllegalArgumentException broken) {
      throw notOfItsType();
    }
  }

  private static String text(JsonNode value) {
    if (value.isTextual()) {
      return value.textValue();
    }
    if (value.isDouble() || value.isFloat()) {
      return shortest(value.doubleValue());
    }
    // Objects, as tiles of maps are, stay JSON.
    return value.isContainerNode() ? value.toString() : value.asText();
  }

  /**
   * The shortest text of the number, which is what Trino sent, of a {@code real}, too. Before Java
   * 19 that of Double is longer now and then.
   */
  static String shortest(double number) {
    String text = Double.toString(number);
    if (JAVA_IS_SHORT || !Double.isFinite(number)) {
      return text;
    }
    int exponent = text.indexOf('E');
    String power = exponent < 0 ? "" : text.substring(exponent);
    String digits = exponent < 0 ? text : text.substring(0, exponent);
    int scale = digits.length() - digits.indexOf('.') - 1;
    int shift = power.isEmpty() ? 0 : Integer.parseInt(power.substring(1));
    BigDecimal exact = new BigDecimal(number).scaleByPowerOfTen(-shift);
    String found = text;
    while (scale > 1) {
      String shorter = rounded(exact, --scale, power, number);
      if (shorter.isEmpty()) {
        return found;
      }
      found = shorter;
    }
    return found;
  }

  /** The decimal of that scale which is the number; the nearer one of two; "" if none is. */
  private static String rounded(BigDecimal exact, int scale, String power, double number) {
    for (RoundingMode mode : ROUNDINGS) {
      String text = exact.setScale(scale, mode).toPlainString() + power;
      if (Double.parseDouble(text) == number) {
        return text;
      }
    }
    return "";
  }

  private static void require(boolean fits) throws SQLException {
    if (!fits) {
      throw notOfItsType();
    }
  }

  private static SQLException notOfItsType() {
    return new SQLException("Presto sent a value that is not of its type", "58030");
  }
}
