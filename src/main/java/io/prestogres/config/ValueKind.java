package io.prestogres.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a key's value must be: makes the value of the text, or says what is wrong in words that go
 * on after the text, as in «70000 <i>is not a port</i>».
 */
@FunctionalInterface
interface ValueKind<T> {

  ValueKind<String> TEXT = text -> text;

  ValueKind<String> NAME =
      text -> {
        if (text.isBlank()) {
          throw new UnsuitableValue("must not be empty");
        }
        return text;
      };

  ValueKind<Boolean> BOOLEAN =
      text -> {
        if (!text.equals("true") && !text.equals("false")) {
          throw new UnsuitableValue("is neither true nor false");
        }
        return text.equals("true");
      };

  ValueKind<Secret> SECRET = Secret::new;

  ValueKind<Integer> PORT = number(Bounds.PORT, "a port");

  ValueKind<URI> COORDINATOR =
      text -> {
        try {
          URI url = new URI(text);
          if (PrestoConfig.isCoordinator(url)) {
            return url;
          }
        } catch (URISyntaxException e) {
          // The same answer as for a URL of another kind.
        }
        throw new UnsuitableValue(
            "is not the URL of a coordinator (http://host:port or https://host:port)");
      };

  ValueKind<String> ADDRESS_OR_EMPTY =
      text -> {
        try {
          return text.isEmpty() ? text : Address.parse(text).toString();
        } catch (IllegalArgumentException e) {
          throw new UnsuitableValue("is not an address (host:port)");
        }
      };

  /** A file that can be read; a relative path starts at {@code directory}. */
  static ValueKind<Path> file(Path directory) {
    return text -> {
      try {
        Path file = directory.resolve(text).normalize();
        if (Files.isRegularFile(file) && Files.isReadable(file)) {
          return file;
        }
      } catch (InvalidPathException e) {
        // The same answer as for a file that is not there.
      }
      throw new UnsuitableValue("is not a file that can be read");
    };
  }

  T read(String text) throws UnsuitableValue;

  /** A whole number; {@code noun} is what it counts, as «a port». */
  static ValueKind<Integer> number(Bounds.Range<Integer> range, String noun) {
    return text -> {
      if (text.matches("[+-]?[0-9]{1,10}")) {
        long value = Long.parseLong(text);
        if (value >= range.least() && value <= range.most()) {
          return (int) value;
        }
      }
      throw new UnsuitableValue(
          "is not %s (%d to %d)".formatted(noun, range.least(), range.most()));
    };
  }

  /** One of the constants, which the file writes in lower case with hyphens; any case is read. */
  static <E extends Enum<E>> ValueKind<E> choice(Class<E> type) {
    return text -> {
      String name = text.toLowerCase(Locale.ROOT).replace('_', '-');
      for (E constant : type.getEnumConstants()) {
        if (written(constant).equals(name)) {
          return constant;
        }
      }
      String names =
          Arrays.stream(type.getEnumConstants())
              .map(ValueKind::written)
              .collect(Collectors.joining(", "));
      throw new UnsuitableValue("is not known; it is: " + names);
    };
  }

  private static String written(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A whole number with {@code ms}, {@code s}, {@code m}, {@code h} or {@code d}. */
  static ValueKind<Duration> duration(Bounds.Range<Duration> range) {
    Map<String, Duration> units =
        Map.of(
            "ms", Duration.ofMillis(1),
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1),
            "d", Duration.ofDays(1));
    return text -> {
      Quantity quantity = Quantity.read(text);
      Duration unit = units.get(quantity.unit());
      if (unit == null) {
        throw new UnsuitableValue("is not a duration (such as 500ms, 30s, 5m, 1h)");
      }
      Duration duration = unit.multipliedBy(quantity.number());
      if (!range.holds(duration)) {
        throw new UnsuitableValue(
            "is out of bounds (%s to %s)"
                .formatted(Quantity.of(range.least()), Quantity.of(range.most())));
      }
      return duration;
    };
  }

  /**
   * A number of bytes: a whole number with {@code B}, {@code kB}, {@code MB} or {@code GB}, which
   * are powers of 1024 as in PostgreSQL, or with {@code KiB}, {@code MiB} or {@code GiB}.
   */
  static ValueKind<Long> size(Bounds.Range<Long> range) {
    Map<String, Integer> shifts =
        Map.of("B", 0, "kB", 10, "KiB", 10, "MB", 20, "MiB", 20, "GB", 30, "GiB", 30);
    return text -> {
      Quantity quantity = Quantity.read(text);
      Integer shift = shifts.get(quantity.unit());
      if (shift == null) {
        throw new UnsuitableValue("is not a size (such as 16kB, 64MiB, 1GiB)");
      }
      long bytes = quantity.number() << shift;
      if (!range.holds(bytes)) {
        throw new UnsuitableValue(
            "is out of bounds (%dB to %dB)".formatted(range.least(), range.most()));
      }
      return bytes;
    };
  }

  /** A number below a thousand million, and what stands behind it. */
  record Quantity(long number, String unit) {

    private static final Pattern FORM = Pattern.compile("([0-9]{1,9}) ?([A-Za-z]*)");

    static Quantity read(String text) {
      Matcher matcher = FORM.matcher(text);
      return matcher.matches()
          ? new Quantity(Long.parseLong(matcher.group(1)), matcher.group(2))
          : new Quantity(0, "?");
    }

    static String of(Duration duration) {
      return duration.toMillis() % 1000 != 0
          ? duration.toMillis() + "ms"
          : duration.toDaysPart() > 0 ? duration.toDays() + "d" : duration.toSeconds() + "s";
    }
  }
}
