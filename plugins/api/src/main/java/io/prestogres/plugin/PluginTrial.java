package io.prestogres.plugin;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs one plugin without a proxy, for its tests: starts it, and calls its interceptors in the
 * order and with the sessions that the proxy would. What the proxy makes an error for the client is
 * thrown here. Everything runs on the caller's thread.
 *
 * <pre>{@code
 * try (PluginTrial trial = PluginTrial.start(new MyPlugin(), Map.of("key", "value"))) {
 *   PluginTrial.Client client = trial.client(Map.of("user", "ada", "database", "hive"));
 *   assertEquals(ConnectDecision.accept(), client.connect());
 *   assertEquals(QueryDecision.pass(), client.query("SELECT 1"));
 * }
 * }</pre>
 */
public final class PluginTrial implements AutoCloseable {

  /** The name of the instance that clients of a trial have connected to. */
  public static final String INSTANCE = "trial";

  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final Plugin plugin;
  private final List<ConnectInterceptor> connects = new ArrayList<>();
  private final List<QueryInterceptor> queries = new ArrayList<>();
  private final List<ResponseInterceptor> responses = new ArrayList<>();

  private PluginTrial(Plugin plugin) {
    this.plugin = plugin;
  }

  /**
   * Starts a plugin.
   *
   * @throws Exception if the plugin does not want to start
   */
  public static PluginTrial start(Plugin plugin, Map<String, String> settings) throws Exception {
    if (plugin.apiVersion() < 1 || plugin.apiVersion() > Plugin.API_VERSION) {
      throw new IllegalArgumentException("no version of this API: " + plugin.apiVersion());
    }
    PluginTrial trial = new PluginTrial(plugin);
    plugin.start(trial.new Context(settings));
    return trial;
  }

  /**
   * A client with these start-up parameters, at 127.0.0.1; it has not connected yet.
   *
   * @param parameters {@code user} must be among them
   */
  public Client client(Map<String, String> parameters) {
    return new Client(parameters);
  }

  @Override
  public void close() {
    plugin.close();
  }

  /** One client of the trial. Not for several threads at a time. */
  public final class Client {

    private final ConcurrentMap<String, Object> attributes = new ConcurrentHashMap<>();
    private Map<String, String> parameters;

    private Client(Map<String, String> parameters) {
      this.parameters = new LinkedHashMap<>(parameters);
    }

    /** The session as the next interceptor is shown it. */
    public ClientSession session() {
      return new ClientSession(INSTANCE, "127.0.0.1", parameters, attributes);
    }

    /** Asks the connect interceptors; the decision is the sum of theirs. */
    public ConnectDecision connect() {
      ConnectDecision sum = ConnectDecision.accept();
      for (ConnectInterceptor interceptor : connects) {
        ConnectDecision decision = answer(interceptor.onConnect(session()));
        if (decision instanceof ConnectDecision.Refuse) {
          return decision;
        }
        if (decision instanceof ConnectDecision.AcceptWith changed) {
          parameters = changed.parameters();
          sum = changed;
        }
      }
      return sum;
    }

    /** Asks the query interceptors about a Query message; the decision is the sum of theirs. */
    public QueryDecision query(String text) {
      return query(new Query(text, Query.Protocol.SIMPLE));
    }

    /** Asks the query interceptors; the decision is the sum of theirs. */
    public QueryDecision query(Query query) {
      Query shown = query;
      QueryDecision sum = QueryDecision.pass();
      for (QueryInterceptor interceptor : queries) {
        QueryDecision decision = answer(interceptor.onQuery(session(), shown));
        if (decision instanceof QueryDecision.Refuse) {
          return decision;
        }
        if (decision instanceof QueryDecision.Replace replacement) {
          shown = new Query(replacement.text(), query.protocol());
          sum = replacement;
        }
      }
      return sum;
    }

    /** Tells the response interceptors that a statement has ended. */
    public void responded(Response response) {
      responses.forEach(interceptor -> interceptor.onResponse(session(), response));
    }
  }

  private static <T> T answer(CompletionStage<T> stage) {
    try {
      return requireNonNull(
          requireNonNull(stage, "the interceptor returned null")
              .toCompletableFuture()
              .get(LIMIT.toMillis(), TimeUnit.MILLISECONDS),
          "the interceptor decided null");
    } catch (TimeoutException e) {
      throw new IllegalStateException("no decision within " + LIMIT.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the interceptor failed: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private final class Context implements PluginContext {

    private final Map<String, String> settings;

    Context(Map<String, String> settings) {
      this.settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }

    @Override
    public Map<String, String> settings() {
      return settings;
    }

    @Override
    public void interceptConnects(ConnectInterceptor interceptor) {
      connects.add(requireNonNull(interceptor));
    }

    @Override
    public void interceptQueries(QueryInterceptor interceptor) {
      queries.add(requireNonNull(interceptor));
    }

    @Override
    public void observeResponses(ResponseInterceptor interceptor) {
      responses.add(requireNonNull(interceptor));
    }
  }
}
