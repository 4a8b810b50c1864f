import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/**
 * Reads results by JDBC for results_speed.py, so that every driver has a JVM that is warm.
 *
 * <p>Each line of standard input is {@code url TAB name=value,name=value TAB sql}; the answer is one
 * line, {@code rows, nanoseconds to the first row, nanoseconds to the last, sum of the values'
 * hashes}, or {@code !} and what went wrong. Every value is asked for with getObject. A connection is
 * kept for the next line with the same URL and properties.
 */
final class JdbcReader {
  private static final int FETCH_SIZE = 10_000;

  private final Map<String, Connection> connections = new HashMap<>();

  public static void main(String[] arguments) throws Exception {
    JdbcReader reader = new JdbcReader();
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String line;
    while ((line = input.readLine()) != null) {
      String[] parts = line.split("\t", 3);
      String answer;
      try {
        answer = reader.read(reader.connect(parts[0], parts[1]), parts[2]);
      } catch (Exception e) {
        answer = "! " + String.valueOf(e.getMessage()).replace('\n', ' ');
      }
      System.out.println(answer);
    }
  }

  private Connection connect(String url, String settings) throws Exception {
    String key = url + "\t" + settings;
    Connection known = connections.get(key);
    if (known != null) {
      return known;
    }
    Properties properties = new Properties();
    for (String setting : settings.split(",")) {
      properties.setProperty(
          setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
    }
    Connection connection = DriverManager.getConnection(url, properties);
    if (url.startsWith("jdbc:postgresql:")) {
      // Without both of these pgjdbc gathers the whole result before its first row.
      connection.setAutoCommit(false);
    }
    connections.put(key, connection);
    return connection;
  }

  private String read(Connection connection, String sql) throws Exception {
    long start = System.nanoTime();
    long first = 0;
    long rows = 0;
    long sum = 0;
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(FETCH_SIZE);
      try (ResultSet result = statement.executeQuery(sql)) {
        int columns = result.getMetaData().getColumnCount();
        while (result.next()) {
          if (rows++ == 0) {
            first = System.nanoTime() - start;
          }
          for (int i = 1; i <= columns; i++) {
            Object value = result.getObject(i);
            sum += value == null ? 0 : value.hashCode();
          }
        }
      }
    }
    if (!connection.getAutoCommit()) {
      connection.commit();
    }
    return rows + " " + first + " " + (System.nanoTime() - start) + " " + sum;
  }
}
