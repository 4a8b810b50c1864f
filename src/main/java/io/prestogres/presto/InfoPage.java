package io.prestogres.presto;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** The answer of {@code /v1/info}. */
final class InfoPage {
  private InfoPage() {}

  static PrestoInfo parse(PageBytes bytes) {
    String version = "";
    String environment = "";
    boolean starting = false;
    try (JsonParser parser = StatementPage.JSON.createParser(bytes.array(), 0, bytes.size())) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw PrestoException.malformed("it is not a JSON object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        JsonToken token = parser.nextToken();
        switch (field) {
          case "environment" -> environment = parser.getValueAsString("");
          case "starting" -> starting = token == JsonToken.VALUE_TRUE;
          case "nodeVersion" -> version = readVersion(parser, token);
          default -> parser.skipChildren();
        }
      }
    } catch (IOException e) {
      throw StatementPage.malformed(e);
    }
    return new PrestoInfo(version, environment, starting);
  }

  private static String readVersion(JsonParser parser, JsonToken token) throws IOException {
    String version = "";
    if (token == JsonToken.START_OBJECT) {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean wanted = "version".equals(parser.currentName());
        parser.nextToken();
        if (wanted) {
          version = parser.getValueAsString("");
        } else {
          parser.skipChildren();
        }
      }
    }
    return version;
  }
}
