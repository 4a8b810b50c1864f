package io.prestogres.functions;

import com.facebook.presto.jdbc.PrestoDriver;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs one query on a thread of its own and hands over its batches, each when the one before has
 * been taken. Whoever takes may stop at any time without a word; after {@link #PATIENCE} the query
 * is cancelled.
 */
final class QueryWorker implements Runnable {
  /** As Presto's own query.client.timeout, after which it gives up a query nobody reads. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final String url;
  private final Properties properties;
  private final String query;
  private final @Nullable String[] parameters;
  private final SynchronousQueue<Handover> queue = new SynchronousQueue<>();

  private volatile boolean cancelled;
  private volatile @Nullable Handover last;
  private volatile @Nullable Thread thread;
  private volatile @Nullable Statement running;

  QueryWorker(String url, Properties properties, String query, @Nullable String[] parameters) {
    this.url = url;
    this.properties = properties;
    this.query = query;
    this.parameters = parameters;
  }

  /** What comes next, or nothing if nothing does in time. The end is given again and again. */
  Optional<Handover> poll(Duration wait) throws InterruptedException {
    if (last != null) {
      // A batch is given only when it is taken, so that none can be left behind.
      return Optional.ofNullable(last);
    }
    return Optional.ofNullable(queue.poll(wait.toMillis(), TimeUnit.MILLISECONDS));
  }

  /** Ends the query on Presto. Returns at once; any thread, any number of times. */
  void cancel() {
    cancelled = true;
    Thread worker = thread;
    if (worker != null) {
      worker.interrupt();
    }
  }

  @Override
  public void run() {
    thread = Thread.currentThread();
    Handover end;
    try {
      fetch();
      end = Handover.atEnd();
    } catch (InterruptedException interrupted) {
      end = Handover.failed(new SQLException("the query was cancelled", "57014"));
    } catch (SQLException failure) {
      end = Handover.failed(PrestoFailures.translate(failure));
    } catch (RuntimeException | Error failure) {
      end = Handover.failed(new SQLException("presto-jdbc failed: " + failure, "XX000", failure));
    }
    last = end;
    // For one who waits already; all others find it in the field.
    boolean unused = queue.offer(end);
  }

  private void fetch() throws SQLException, InterruptedException {
    Connection connection = new PrestoDriver().connect(url, properties);
    if (connection == null) {
      throw new SQLException(
          "not an address for presto-jdbc: it begins with jdbc:presto:", "22023");
    }
    try (connection;
        Statement statement = connection.createStatement()) {
      running = statement;
      stopIfCancelled();
      String text = parameters.length == 0 ? query : bind(statement);
      if (statement.execute(text)) {
        try (ResultSet rows = statement.getResultSet()) {
          read(rows);
        }
      } else {
        give(List.of("{" + statement.getLargeUpdateCount() + "}"));
      }
    } finally {
      running = null;
    }
  }

  private void read(ResultSet rows) throws SQLException, InterruptedException {
    try {
      BatchBuilder batch = new BatchBuilder(rows.getMetaData());
      while (rows.next()) {
        batch.add(rows);
        if (batch.isFull()) {
          give(batch.take());
        }
      }
      if (!batch.isEmpty()) {
        give(batch.take());
      }
    } catch (InterruptedException abandoned) {
      Statement statement = running;
      if (statement != null) {
        statement.cancel();
      }
      throw abandoned;
    }
  }

  /** PREPARE, DESCRIBE INPUT for the types of the parameters, EXECUTE with literals of them. */
  private String bind(Statement statement) throws SQLException, InterruptedException {
    statement.execute("PREPARE prestogres FROM " + query);
    stopIfCancelled();
    StringBuilder execute = new StringBuilder("EXECUTE prestogres USING ");
    try (ResultSet inputs = statement.executeQuery("DESCRIBE INPUT prestogres")) {
      int count = 0;
      while (inputs.next()) {
        if (inputs.getString(2) == null) {
          break;
        }
        if (count == parameters.length) {
          throw wrongCount();
        }
        execute.append(count == 0 ? "" : ", ");
        execute.append(ParameterLiterals.of(inputs.getString(2), parameters[count++]));
      }
      if (count != parameters.length) {
        throw wrongCount();
      }
    }
    stopIfCancelled();
    return execute.toString();
  }

  private SQLException wrongCount() {
    return new SQLException(
        "the query does not have " + parameters.length + " parameters", "08P01");
  }

  private void give(List<String> columns) throws InterruptedException {
    stopIfCancelled();
    if (!queue.offer(Handover.batch(columns), PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new InterruptedException("nobody reads");
    }
  }

  private void stopIfCancelled() throws InterruptedException {
    if (cancelled) {
      throw new InterruptedException("cancelled");
    }
  }
}
