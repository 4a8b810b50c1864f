package io.prestogres.server;

import io.prestogres.config.LogLevel;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Sets java.util.logging up, which is where {@code System.Logger} and the libraries log to: one
 * line per record on standard error, as {@code time level logger message}, in UTC, and a stack
 * trace below it if there is one.
 */
final class LogSetup {

  /** Held here, because java.util.logging forgets the level of a logger that nobody holds. */
  private static final Logger OURS = Logger.getLogger("io.prestogres");

  private LogSetup() {}

  /** Logs from this level on; libraries never more than their INFO. */
  static void apply(LogLevel level) {
    Logger root = Logger.getLogger("");
    for (Handler handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    Handler handler = new ConsoleHandler();
    handler.setLevel(Level.ALL);
    handler.setFormatter(new OneLine());
    root.addHandler(handler);
    OURS.setLevel(standard(level));
    root.setLevel(level.compareTo(LogLevel.INFO) > 0 ? Level.INFO : standard(level));
  }

  private static Level standard(LogLevel level) {
    return switch (level) {
      case ERROR -> Level.SEVERE;
      case WARN -> Level.WARNING;
      case INFO -> Level.INFO;
      case DEBUG -> Level.FINE;
      case TRACE -> Level.FINER;
    };
  }

  /** One record as one line. */
  static final class OneLine extends Formatter {

    private static final DateTimeFormatter TIME =
        DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    @Override
    public String format(LogRecord record) {
      StringBuilder line = new StringBuilder(128);
      TIME.formatTo(record.getInstant(), line);
      line.append(' ').append(name(record.getLevel()));
      line.append(' ').append(record.getLoggerName()).append(' ');
      appendEscaped(line, formatMessage(record));
      line.append('\n');
      if (record.getThrown() != null) {
        StringWriter trace = new StringWriter();
        record.getThrown().printStackTrace(new PrintWriter(trace));
        line.append(trace);
      }
      return line.toString();
    }

    private static String name(Level level) {
      int value = level.intValue();
      return value >= Level.SEVERE.intValue()
          ? "ERROR"
          : value >= Level.WARNING.intValue()
              ? "WARN"
              : value >= Level.INFO.intValue()
                  ? "INFO"
                  : value >= Level.FINE.intValue() ? "DEBUG" : "TRACE";
    }

    /** A line break in a message, which may be a client's, must not look like a record. */
    private static void appendEscaped(StringBuilder line, String message) {
      for (int i = 0; i < message.length(); i++) {
        char sign = message.charAt(i);
        switch (sign) {
          case '\n' -> line.append("\\n");
          case '\r' -> line.append("\\r");
          default -> line.append(sign);
        }
      }
    }
  }
}
