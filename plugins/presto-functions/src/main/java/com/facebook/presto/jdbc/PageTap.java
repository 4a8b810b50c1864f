package com.facebook.presto.jdbc;

import com.facebook.presto.jdbc.internal.okhttp3.Interceptor;
import com.facebook.presto.jdbc.internal.okhttp3.MediaType;
import com.facebook.presto.jdbc.internal.okhttp3.Response;
import com.facebook.presto.jdbc.internal.okhttp3.ResponseBody;
import io.prestogres.functions.JsonPage;
import io.prestogres.functions.JsonPages;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes the rows out of the pages that the driver receives, before it makes objects of them.
 * Belongs to the thread that waits for pages, and keeps one.
 */
final class PageTap implements Interceptor {
  private static final int HTTP_OK = 200;
  private static final int INITIAL_BYTES = 64 * 1024;

  private final JsonPages pages = new JsonPages();
  private byte[] bytes = new byte[INITIAL_BYTES];
  private Optional<JsonPage> taken = Optional.empty();

  /** The rows of the last page, if they were taken; once. */
  @Nullable JsonPage take() {
    JsonPage page = taken.orElse(null);
    taken = Optional.empty();
    return page;
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    Response response = chain.proceed(chain.request());
    ResponseBody body = response.body();
    MediaType type = body == null ? null : body.contentType();
    boolean isPage =
        response.code() == HTTP_OK && type != null && type.subtype().equalsIgnoreCase("json");
    if (body == null || !isPage) {
      return response;
    }
    // A page that the driver asks for again takes the place of the one that it could not read.
    taken = Optional.empty();
    int size;
    try (body) {
      size = read(body.byteStream());
    }
    taken = pages.read(bytes, size);
    byte[] rest = taken.map(JsonPage::rest).orElseGet(() -> Arrays.copyOf(bytes, size));
    return response.newBuilder().body(ResponseBody.create(rest, type)).build();
  }

  /** Leaves one byte free behind what is there. */
  private int read(InputStream in) throws IOException {
    int size = 0;
    int read = in.read(bytes, 0, bytes.length - 1);
    while (read >= 0) {
      size += read;
      if (size == bytes.length - 1) {
        bytes = Arrays.copyOf(bytes, Math.multiplyExact(2, bytes.length));
      }
      read = in.read(bytes, size, bytes.length - 1 - size);
    }
    return size;
  }
}
