package io.prestogres.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class LogFormatTest {

  @Test
  void shouldWriteOneLinePerRecord() {
    LogRecord record = record(Level.WARNING, "user={0} said\nit");
    record.setParameters(new Object[] {"a\r\nb"});

    assertThat(new LogSetup.OneLine().format(record))
        .isEqualTo("2026-01-02T03:04:05.600Z WARN io.prestogres.Test user=a\\r\\nb said\\nit\n");
  }

  @Test
  void shouldPutStackTraceBelow() {
    LogRecord record = record(Level.FINE, "failed");
    record.setThrown(new IllegalStateException("why"));

    assertThat(new LogSetup.OneLine().format(record))
        .startsWith(
            "2026-01-02T03:04:05.600Z DEBUG io.prestogres.Test failed\n"
                + "java.lang.IllegalStateException: why\n\tat ");
  }

  private static LogRecord record(Level level, String message) {
    LogRecord record = new LogRecord(level, message);
    record.setLoggerName("io.prestogres.Test");
    record.setInstant(Instant.parse("2026-01-02T03:04:05.600Z"));
    return record;
  }
}
