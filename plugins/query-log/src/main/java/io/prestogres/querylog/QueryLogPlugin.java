package io.prestogres.querylog;

import io.prestogres.plugin.ClientSession;
import io.prestogres.plugin.ConnectDecision;
import io.prestogres.plugin.Plugin;
import io.prestogres.plugin.PluginContext;
import io.prestogres.plugin.Query;
import io.prestogres.plugin.Response;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Appends one line of JSON per statement to a file. Settings: {@code file}, required, and {@code
 * text}, true or false, whether the SQL is written too. May be called by several threads.
 */
public final class QueryLogPlugin implements Plugin {

  private static final String FILE = "file";
  private static final String TEXT = "text";
  private static final String SESSION = "session";

  private final Clock clock;
  private final AtomicLong sessions = new AtomicLong();
  private boolean withText;
  private Writer log = Writer.nullWriter();

  /** As the proxy makes it. */
  public QueryLogPlugin() {
    this(Clock.systemUTC());
  }

  QueryLogPlugin(Clock clock) {
    this.clock = clock;
  }

  @Override
  public int apiVersion() {
    return API_VERSION;
  }

  @Override
  public String name() {
    return "query-log";
  }

  @Override
  public void start(PluginContext context) throws IOException {
    Map<String, String> settings = context.settings();
    Set<String> unknown = new TreeSet<>(settings.keySet());
    unknown.removeAll(Set.of(FILE, TEXT));
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException("unknown settings: " + String.join(", ", unknown));
    }
    String file = settings.getOrDefault(FILE, "");
    if (file.isEmpty()) {
      throw new IllegalArgumentException("the setting file is missing");
    }
    String text = settings.getOrDefault(TEXT, "false");
    if (!Set.of("true", "false").contains(text)) {
      throw new IllegalArgumentException("the setting text must be true or false, not " + text);
    }
    withText = text.equals("true");
    log = open(Path.of(file));
    context.interceptConnects(this::number);
    context.observeResponses(this::write);
  }

  private static BufferedWriter open(Path file) throws IOException {
    try {
      return Files.newBufferedWriter(
          file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new IOException("cannot write to " + file + " (" + e + ")", e);
    }
  }

  /** Gives the session a number, by which its lines are found; writes nothing, so cannot fail. */
  private CompletionStage<ConnectDecision> number(ClientSession session) {
    session.attributes().put(SESSION, sessions.incrementAndGet());
    return CompletableFuture.completedFuture(ConnectDecision.accept());
  }

  private void write(ClientSession session, Response response) {
    long number = session.attributes().get(SESSION) instanceof Long known ? known : 0;
    Query query = response.query();
    JsonLine line =
        new JsonLine()
            .add("time", clock.instant().toString())
            .add("instance", session.instance())
            .add(SESSION, number)
            .add("client", session.clientAddress())
            .add("user", session.user())
            .add("database", session.database())
            .add("application", session.applicationName())
            .add("protocol", query.protocol().name().toLowerCase(Locale.ROOT))
            .add("tags", response.commandTags())
            .add("sqlstate", response.failure().map(Response.Failure::sqlState).orElse("00000"))
            .add("rows", response.rows())
            .add("bytes", response.bytes())
            .add("micros", response.nanos() / 1_000);
    if (withText) {
      line.add(TEXT, query.text());
    }
    append(line + "\n");
  }

  /** Whole lines, each handed to the operating system when the call returns. */
  private synchronized void append(String line) {
    try {
      log.write(line);
      log.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("a statement is missing in the log", e);
    }
  }

  @Override
  public synchronized void close() {
    try {
      log.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
