package io.prestogres.client;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A driver inside the JVM and one connection of it, which does what the scripts of other languages
 * do. Calls wait for their answer. For one thread; a cancel comes from another.
 */
abstract class JvmClient implements AutoCloseable {
  static final Duration TIMEOUT = Duration.ofSeconds(60);
  static final String ORDERS = "select orderkey, totalprice from tiny.orders";
  private static final String LONG = "select count(*) from sf100.lineitem";
  private static final String NAMES = "select count(*) from sf1.nation where name = ";
  private static final String NATIONS = "select count(*) from sf1.nation";
  private static final String UNKNOWN_COLUMN = "select nosuch from sf1.nation";

  private final List<String> seen = new ArrayList<>();

  /**
   * The rows of a statement, each a list of values.
   *
   * @param sql with parameters as $1
   * @param values of the parameters; null is NULL
   */
  abstract List<List<Object>> query(String sql, Object... values) throws Exception;

  /** Runs a statement that has no rows. */
  abstract void run(String sql) throws Exception;

  /** Reads {@link #ORDERS} in portions. */
  abstract void readOrders(Sum sum) throws Exception;

  /** Cancels what runs in {@link #query}. */
  abstract void requestCancel() throws Exception;

  @Override
  public abstract void close();

  /** The SQLSTATE of what {@link #query} throws; empty if it has none. */
  abstract String sqlState(Exception failure);

  /** Bytes as this driver takes them. */
  Object bytes(byte[] value) {
    return value;
  }

  /** Does these parts, and tells what it has seen in the words of the scripts. */
  final List<String> see(List<Part> parts) throws Exception {
    for (Part part : parts) {
      switch (part) {
        case BROWSE -> browse();
        case PARAMETERS -> parameters();
        case ROWS -> rows();
        case ERROR -> error();
        case CANCEL -> cancel();
      }
    }
    return List.copyOf(seen);
  }

  /**
   * What comes back of values that are parameters of a query on Presto's tables, as PostgreSQL
   * writes them.
   *
   * @param values by their SQL type
   */
  final Map<String, Object> echo(Map<String, Object> values) throws Exception {
    Map<String, Object> back = new TreeMap<>();
    for (Map.Entry<String, Object> value : values.entrySet()) {
      String sql =
          "select name || ' ' || ($1::%s)::text from sf1.region where regionkey = 1"
              .formatted(value.getKey());
      try {
        back.put(value.getKey(), one(sql, value.getValue()));
      } catch (Exception failure) {
        back.put(value.getKey(), sqlState(failure) + " " + failure.getMessage());
      }
    }
    return back;
  }

  final Object one(String sql, Object... values) throws Exception {
    return query(sql, values).get(0).get(0);
  }

  final void say(Object... words) {
    seen.add(Arrays.stream(words).map(String::valueOf).collect(Collectors.joining(" ")));
  }

  void browse() throws Exception {
    saySchemas(first(query("select schema_name from information_schema.schemata")));
    sayTables(
        first(
            query("select table_name from information_schema.tables where table_schema = 'tiny'")));
    List<List<Object>> columns =
        query(
            "select column_name, data_type from information_schema.columns"
                + " where table_schema = 'sf1' and table_name = 'nation' order by ordinal_position");
    sayColumns(first(columns), columns.stream().map(row -> row.get(1).toString()).toList());
  }

  final void saySchemas(List<String> names) {
    say(
        "browse schemas",
        names.stream()
            .filter(name -> name.startsWith("sf") || name.equals("tiny"))
            .sorted()
            .collect(Collectors.joining(" ")));
  }

  final void sayTables(List<String> names) {
    say("browse tables", names.stream().sorted().collect(Collectors.joining(" ")));
  }

  final void sayColumns(List<String> names, List<String> types) {
    say("browse columns", String.join(" ", names));
    say("browse types", String.join(",", types));
  }

  private static List<String> first(List<List<Object>> rows) {
    return rows.stream().map(row -> row.get(0).toString()).toList();
  }

  private void parameters() throws Exception {
    String orders = "select count(*) from tiny.orders where ";
    say("parameters text", one(NAMES + "$1", "FRANCE"));
    say("parameters bigint", one("select name from sf1.nation where nationkey = $1", 6L));
    say("parameters date", one(orders + "orderdate < $1", LocalDate.of(1992, 2, 1)));
    say(
        "parameters numeric",
        one(orders + "totalprice > $1::numeric", new BigDecimal("250000.50")));
    say("parameters null", one(NAMES + "$1", (Object) null));
    say("parameters boolean", one(NATIONS + " where (regionkey = 1) = $1", true));
    say("parameters float", one(orders + "totalprice < $1", 1000.5));
    LocalDateTime noon = LocalDateTime.of(1992, 2, 1, 12, 0);
    say("parameters timestamp", one(orders + "orderdate < $1::timestamp", noon));
    Long[] keys = {1L, 2L, 3L};
    say("parameters array", one(NATIONS + " where nationkey = any($1)", (Object) keys));
    byte[] france = {'F', 'R', 'A', 'N', 'C', 'E'};
    say("parameters bytea", one(NATIONS + " where convert_to(name, 'UTF8') = $1", bytes(france)));
  }

  private void rows() throws Exception {
    Sum sum = new Sum();
    readOrders(sum);
    say("rows", sum.rows, sum.keys, sum.cents);
  }

  private void error() throws Exception {
    say("error", failure(UNKNOWN_COLUMN));
    say("error after", one(NATIONS));
    run("begin");
    say("error inside", failure(UNKNOWN_COLUMN));
    say("error failed", failure(NATIONS));
    run("rollback");
    say("error rolled-back", one(NATIONS));
  }

  final String failure(String sql) {
    try {
      return "none but " + query(sql);
    } catch (Exception failure) {
      return sqlState(failure);
    }
  }

  /** Again and again: a cancel before the statement has begun hits nothing. */
  private void cancel() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    Thread canceling = new Thread(() -> cancelUntil(ended), "canceling");
    canceling.start();
    long begin = System.nanoTime();
    say("cancel", failure(LONG));
    Duration time = Duration.ofNanos(System.nanoTime() - begin);
    ended.countDown();
    canceling.join();
    if (time.compareTo(Duration.ofSeconds(7)) > 0) {
      say("cancel took", time);
    }
    say("cancel after", one("select count(*) from sf1.region"));
  }

  private void cancelUntil(CountDownLatch ended) {
    try {
      long wait = 1500;
      while (!ended.await(wait, TimeUnit.MILLISECONDS)) {
        requestCancel();
        wait = 500;
      }
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }

  /** Counts rows of {@link #ORDERS} and adds them up, prices in cents. */
  static final class Sum {
    private long rows;
    private long keys;
    private long cents;

    void add(long key, double price) {
      rows++;
      keys += key;
      cents += Math.round(price * 100);
    }
  }
}
