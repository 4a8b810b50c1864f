package io.prestogres.demo.engines;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Presto's statement protocol in its simplest form: every page into memory. Blocks; any thread. */
final class PrestoHttp {
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  /** Timestamps and OFFSET as the standard and Trino have them. */
  private static final String STANDARD_SQL = "legacy_timestamp=false,offset_clause_enabled=true";

  private final URI server;
  private final Engine engine;
  private final HttpClient client;
  private final ObjectMapper json =
      new ObjectMapper().enable(DeserializationFeature.USE_LONG_FOR_INTS);

  PrestoHttp(URI server, Engine engine) {
    this.server = server;
    this.engine = engine;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
  }

  /** Runs one statement to its end; {@code headers} replace the default user and source. */
  List<List<@Nullable Object>> execute(String sql, Map<String, String> headers) {
    HttpRequest.Builder post =
        request(server.resolve("/v1/statement")).POST(BodyPublishers.ofString(sql));
    headers.forEach((name, value) -> post.setHeader(engine.header(name), value));
    JsonNode page = send(post);
    List<List<@Nullable Object>> rows = new ArrayList<>();
    while (true) {
      if (page.has("error")) {
        JsonNode error = page.get("error");
        throw new QueryFailedException(
            error.path("errorName").asText(), error.path("message").asText());
      }
      for (JsonNode row : page.path("data")) {
        rows.add(values(row));
      }
      if (!page.has("nextUri")) {
        return rows;
      }
      page = send(request(URI.create(page.get("nextUri").asText())).GET());
    }
  }

  List<QueryInfo> queries() {
    List<QueryInfo> queries = new ArrayList<>();
    for (JsonNode query : send(request(server.resolve("/v1/query")).GET())) {
      JsonNode session = query.path("session");
      queries.add(
          new QueryInfo(
              query.path("queryId").asText(),
              query.path("state").asText(),
              query.path("query").asText(),
              session.path("user").asText(),
              session.path("source").asText(""),
              query.path("errorCode").path("name").asText("")));
    }
    return queries;
  }

  private List<@Nullable Object> values(JsonNode row) {
    List<@Nullable Object> values = new ArrayList<>(row.size());
    for (JsonNode value : row) {
      values.add(json.convertValue(value, Object.class));
    }
    return values;
  }

  private HttpRequest.Builder request(URI uri) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(TIMEOUT)
            .setHeader(engine.header("User"), "engine")
            .setHeader(engine.header("Source"), "embedded-presto");
    return engine == Engine.PRESTO
        ? request.setHeader(engine.header("Session"), STANDARD_SQL)
        : request.setHeader(engine.header("Client-Capabilities"), "PARAMETRIC_DATETIME");
  }

  private JsonNode send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new QueryFailedException("HTTP_" + response.statusCode(), response.body());
      }
      return json.readTree(response.body());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("interrupted", interrupted));
    }
  }
}
