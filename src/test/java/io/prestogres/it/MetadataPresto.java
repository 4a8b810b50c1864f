package io.prestogres.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A Presto that has metadata and no rows: it speaks the statement protocol, and knows the questions
 * of the mirror alone; of DELETE and UPDATE it says that they have changed as many rows as a test
 * has told it. Its catalogs all have the same schemas, which may be changed at any time.
 */
public final class MetadataPresto implements AutoCloseable {
  private static final int PAGE_ROWS = 10_000;
  private static final Pattern SCHEMA =
      Pattern.compile("(?:table_)?schema(?:_name)? = '((?:[^']|'')*)'");
  private static final String VISIBLE = "SELECT table_schema, table_name FROM ";
  private static final Pattern SHOW_CREATE =
      Pattern.compile("SHOW CREATE TABLE \"web\"\\.\"(.*)\"\\.\"(.*)\"");
  private static final Pattern TABLE = Pattern.compile("table_name = '((?:[^']|'')*)'");

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Set<String> catalogs = ConcurrentHashMap.newKeySet();
  private final Map<String, Map<String, List<Column>>> schemas = new ConcurrentSkipListMap<>();
  private final Map<String, String> comments = new ConcurrentSkipListMap<>();
  private final Set<String> hidden = ConcurrentHashMap.newKeySet();
  private final Set<String> failing = ConcurrentHashMap.newKeySet();
  private final Map<String, CountDownLatch> hanging = new ConcurrentHashMap<>();
  private final Map<String, Integer> results = new ConcurrentHashMap<>();
  private final Map<Integer, List<byte[]>> pages = new ConcurrentHashMap<>();
  private final AtomicInteger lastResult = new AtomicInteger();
  private final List<String> queries = new CopyOnWriteArrayList<>();
  private final AtomicInteger cancels = new AtomicInteger();
  private volatile boolean rejecting;
  private volatile String changedRows = "null";

  /** A column as Presto's information_schema tells it. */
  public record Column(String name, String type, boolean nullable, String comment) {
    /** Without a comment, and maybe NULL. */
    public static Column of(String name, String type) {
      return new Column(name, type, true, "");
    }
  }

  private MetadataPresto(HttpServer server) {
    this.server = server;
  }

  /** Starts one on any free port. */
  public static MetadataPresto start(String... catalogs) throws IOException {
    // Or each answer waits 40 ms for the acknowledgement of its header.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 99);
    MetadataPresto presto = new MetadataPresto(server);
    presto.catalogs.addAll(List.of(catalogs));
    server.createContext("/v1/statement", presto::answer);
    server.setExecutor(presto.threads);
    server.start();
    return presto;
  }

  /** Where it is. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Gives it a table, or other columns to one that it has. */
  public MetadataPresto table(String schema, String name, Column... columns) {
    schemas
        .computeIfAbsent(schema, key -> new ConcurrentSkipListMap<>())
        .put(name, List.of(columns));
    return changed();
  }

  /** Gives it a table, whose columns are written as {@code name type, name type}. */
  public MetadataPresto table(String schema, String name, String columns) {
    return table(
        schema,
        name,
        Arrays.stream(columns.split(", "))
            .map(column -> column.split(" ", 2))
            .map(column -> Column.of(column[0], column[1]))
            .toArray(Column[]::new));
  }

  /** Gives a table a comment, as Trino lists it. */
  public MetadataPresto comment(String schema, String table, String comment) {
    comments.put(schema + "\0" + table, comment);
    return changed();
  }

  /** From now on the user is not told of the table, and may not be told of it. */
  public MetadataPresto hide(String user, String schema, String table) {
    hidden.add(user + "\0" + schema + "\0" + table);
    return changed();
  }

  /** Whatever was hidden is told again. */
  public MetadataPresto showAll() {
    hidden.clear();
    return changed();
  }

  /** Gives it a schema of generated tables, {@code t0} and so on. */
  public MetadataPresto generated(String schema, int tables, int columns) {
    String[] types = {"bigint", "varchar", "double", "timestamp", "decimal(12,2)", "varchar(20)"};
    List<Column> list =
        IntStream.range(0, columns)
            .mapToObj(i -> Column.of("column_" + i, types[i % types.length]))
            .toList();
    Map<String, List<Column>> made = new ConcurrentSkipListMap<>();
    IntStream.range(0, tables).forEach(i -> made.put("t" + i, list));
    schemas.put(schema, made);
    return changed();
  }

  /** A schema without tables, if it is not there. */
  public MetadataPresto schema(String schema) {
    schemas.computeIfAbsent(schema, key -> new ConcurrentSkipListMap<>());
    return changed();
  }

  /** Whether every query fails. */
  public MetadataPresto rejectEverything(boolean rejected) {
    rejecting = rejected;
    return changed();
  }

  /** How many rows the next DELETE or UPDATE changes; "null" where the connector does not count. */
  public MetadataPresto changes(String rows) {
    changedRows = rows;
    return changed();
  }

  /** Forgets every schema, and works again. */
  public MetadataPresto clear() {
    schemas.clear();
    comments.clear();
    hidden.clear();
    failing.clear();
    hanging.values().forEach(CountDownLatch::countDown);
    hanging.clear();
    queries.clear();
    return changed();
  }

  public MetadataPresto drop(String schema, String table) {
    schemas.get(schema).remove(table);
    return changed();
  }

  public MetadataPresto dropSchema(String schema) {
    schemas.remove(schema);
    return changed();
  }

  /** From now on the schema's tables can be listed, but whoever reads this one's columns fails. */
  public MetadataPresto fail(String schema, String table) {
    failing.add(schema + "\0" + table);
    return changed();
  }

  /** From now on whoever reads the schema waits; what is returned ends that. */
  public CountDownLatch hang(String schema) {
    CountDownLatch end = new CountDownLatch(1);
    hanging.put(schema, end);
    changed();
    return end;
  }

  public MetadataPresto works(String schema) {
    CountDownLatch end = hanging.remove(schema);
    if (end != null) {
      end.countDown();
    }
    failing.removeIf(name -> name.startsWith(schema + "\0"));
    return changed();
  }

  /** What was asked, in order. */
  public List<String> queries() {
    return List.copyOf(queries);
  }

  /** How often a query was given up. */
  public int cancels() {
    return cancels.get();
  }

  private MetadataPresto changed() {
    results.clear();
    return this;
  }

  @Override
  public void close() {
    hanging.values().forEach(CountDownLatch::countDown);
    server.stop(0);
    threads.shutdownNow();
  }

  // The protocol.

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      byte[] reply = reply(exchange, body);
      exchange.sendResponseHeaders(
          reply.length == 0 ? 204 : 200, reply.length == 0 ? -1 : reply.length);
      exchange.getResponseBody().write(reply);
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private byte[] reply(HttpExchange exchange, String body) throws InterruptedException {
    String method = exchange.getRequestMethod();
    if (method.equals("DELETE")) {
      cancels.incrementAndGet();
      return new byte[0];
    }
    if (method.equals("POST")) {
      queries.add(body);
      String user = exchange.getRequestHeaders().getFirst("X-Presto-User");
      int id = results.computeIfAbsent(user + "\0" + body, key -> run(body, user));
      return page(id, 0, "");
    }
    String[] path = exchange.getRequestURI().getPath().split("/", -1);
    int id = Integer.parseInt(path[3]);
    int page = Integer.parseInt(path[4]);
    return pages.get(id).get(page - 1);
  }

  private int run(String sql, String user) {
    int id = lastResult.incrementAndGet();
    Matcher schema = SCHEMA.matcher(sql);
    CountDownLatch wait = schema.find() ? hanging.get(unquoted(schema.group(1))) : null;
    pages.put(
        id, wait == null ? result(id, sql, user) : new Waiting(wait, () -> result(id, sql, user)));
    return id;
  }

  /** A list that is there when the latch is down. */
  private static final class Waiting extends java.util.AbstractList<byte[]> {
    private final CountDownLatch wait;
    private final java.util.function.Supplier<List<byte[]>> later;

    private Waiting(CountDownLatch wait, java.util.function.Supplier<List<byte[]>> later) {
      this.wait = wait;
      this.later = later;
    }

    @Override
    public byte[] get(int index) {
      try {
        wait.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return later.get().get(index);
    }

    @Override
    public int size() {
      return later.get().size();
    }
  }

  private List<byte[]> result(int id, String sql, String user) {
    if (sql.startsWith("DELETE FROM ") || sql.startsWith("UPDATE ")) {
      return List.of(
          page(
              id,
              -1,
              ",\"columns\":[{\"name\":\"rows\",\"type\":\"bigint\"}],\"data\":[["
                  + changedRows
                  + "]],\"updateType\":\""
                  + sql.substring(0, 6).strip()
                  + "\""));
    }
    List<List<String>> rows;
    try {
      rows = rows(sql, user);
    } catch (IllegalArgumentException e) {
      return List.of(
          page(
              id,
              -1,
              ",\"error\":{\"message\":"
                  + json(String.valueOf(e.getMessage()))
                  + ",\"errorCode\":65536,\"errorName\":\"GENERIC_INTERNAL_ERROR\","
                  + "\"errorType\":\"INTERNAL_ERROR\"}"));
    }
    List<byte[]> made = new ArrayList<>();
    for (int start = 0; start == 0 || start < rows.size(); start += PAGE_ROWS) {
      List<List<String>> some = rows.subList(start, Math.min(rows.size(), start + PAGE_ROWS));
      boolean last = start + PAGE_ROWS >= rows.size();
      made.add(page(id, last ? -1 : made.size() + 1, data(some)));
    }
    return made;
  }

  private static String data(List<List<String>> rows) {
    int width = rows.isEmpty() ? 1 : rows.get(0).size();
    String columns =
        IntStream.range(0, width)
            .mapToObj(i -> "{\"name\":\"c" + i + "\",\"type\":\"varchar\"}")
            .collect(Collectors.joining(","));
    String data =
        rows.stream()
            .map(
                row ->
                    row.stream()
                        .map(MetadataPresto::json)
                        .collect(Collectors.joining(",", "[", "]")))
            .collect(Collectors.joining(","));
    return ",\"columns\":[" + columns + "]" + (rows.isEmpty() ? "" : ",\"data\":[" + data + "]");
  }

  private byte[] page(int id, int next, String fields) {
    String uri = url() + "/v1/statement/" + id + "/" + (next + 1);
    return ("{\"id\":\"q"
            + id
            + "\",\"infoUri\":\""
            + url()
            + "/ui\""
            + (next < 0 ? "" : ",\"nextUri\":\"" + uri + "\"")
            + fields
            + ",\"stats\":{\"state\":\"RUNNING\"}}")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String json(String text) {
    StringBuilder json = new StringBuilder("\"");
    text.chars()
        .forEach(
            c -> {
              if (c < ' ' || c == '"' || c == '\\') {
                json.append(String.format("\\u%04x", c));
              } else {
                json.append((char) c);
              }
            });
    return json.append('"').toString();
  }

  // The questions.

  private List<List<String>> rows(String sql, String user) {
    if (rejecting) {
      throw new IllegalArgumentException("rejected");
    }
    if (sql.equals("SHOW CATALOGS")) {
      return catalogs.stream().sorted().map(List::of).toList();
    }
    if (sql.startsWith("SELECT cast(nan()")) {
      return List.of(List.of("true"));
    }
    if (sql.contains("information_schema.schemata")) {
      return schemas.keySet().stream().map(List::of).toList();
    }
    Matcher created = SHOW_CREATE.matcher(sql);
    if (created.matches()) {
      return List.of(List.of(createTable(created.group(1), created.group(2))));
    }
    if (sql.startsWith(VISIBLE)) {
      Matcher only = SCHEMA.matcher(sql);
      return visible(only.find() ? Optional.of(unquoted(only.group(1))) : Optional.empty(), user);
    }
    Matcher schema = SCHEMA.matcher(sql);
    if (!schema.find()) {
      throw new IllegalArgumentException("unexpected: " + sql);
    }
    String name = unquoted(schema.group(1));
    Map<String, List<Column>> tables = schemas.getOrDefault(name, Map.of());
    if (sql.contains("system.metadata.table_comments")) {
      return comments.entrySet().stream()
          .filter(comment -> comment.getKey().startsWith(name + "\0"))
          .map(
              comment -> List.of(comment.getKey().substring(name.length() + 1), comment.getValue()))
          .toList();
    }
    if (sql.contains("information_schema.tables")) {
      return tables.keySet().stream().map(List::of).toList();
    }
    Matcher table = TABLE.matcher(sql);
    boolean one = table.find();
    List<String> asked = one ? List.of(unquoted(table.group(1))) : List.copyOf(tables.keySet());
    return asked.stream().flatMap(each -> columns(name, each, tables).stream()).toList();
  }

  /** As Presto writes it. */
  private String createTable(String schema, String table) {
    String comment = comments.get(schema + "\0" + table);
    return "CREATE TABLE web."
        + schema
        + "."
        + table
        + " (\n   \"a\" bigint COMMENT 'of a column'\n)"
        + (comment == null ? "" : "\nCOMMENT '" + comment.replace("'", "''") + "'")
        + "\nWITH (\n   format = 'ORC'\n)";
  }

  private List<List<String>> visible(Optional<String> only, String user) {
    return schemas.entrySet().stream()
        .filter(schema -> only.isEmpty() || only.get().equals(schema.getKey()))
        .flatMap(
            schema ->
                schema.getValue().keySet().stream()
                    .filter(table -> !hidden.contains(user + "\0" + schema.getKey() + "\0" + table))
                    .map(table -> List.of(schema.getKey(), table)))
        .toList();
  }

  private List<List<String>> columns(
      String schema, String table, Map<String, List<Column>> tables) {
    if (failing.contains(schema + "\0" + table)) {
      throw new IllegalArgumentException("no metadata of " + table);
    }
    return tables.getOrDefault(table, List.of()).stream()
        .map(
            column ->
                List.of(
                    table,
                    column.name(),
                    column.type(),
                    column.nullable() ? "YES" : "NO",
                    column.comment()))
        .toList();
  }

  private static String unquoted(String literal) {
    return literal.replace("''", "'");
  }
}
