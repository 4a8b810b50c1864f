package io.prestogres.demo.engines;

import com.facebook.presto.server.security.PasswordAuthenticatorManager;
import com.facebook.presto.server.testing.TestingPrestoServer;
import com.facebook.presto.spi.security.AccessDeniedException;
import com.facebook.presto.spi.security.PasswordAuthenticator;
import com.facebook.presto.spi.security.PasswordAuthenticatorFactory;
import com.google.inject.Key;
import com.sun.security.auth.UserPrincipal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Principal;
import java.util.Map;

/** A password authenticator of Presto's that knows one user. */
record PrestoAuthenticator(OnePassword known) implements PasswordAuthenticatorFactory {
  private static final String NAME = "one-password";

  /** Makes it the one that a Presto with authentication type PASSWORD asks. */
  void install(TestingPrestoServer server, Path folder) throws Exception {
    writeName(folder);
    PasswordAuthenticatorManager authenticators =
        server.getInstance(Key.get(PasswordAuthenticatorManager.class));
    authenticators.addPasswordAuthenticatorFactory(this);
    authenticators.setRequired();
    authenticators.loadPasswordAuthenticator();
  }

  /** Presto reads it from the folder in which its process runs. */
  private static void writeName(Path folder) throws IOException {
    Path settings = Files.createDirectory(folder.resolve("etc"));
    Files.writeString(
        settings.resolve("password-authenticator.properties"),
        "password-authenticator.name=" + NAME + "\n");
  }

  @Override
  public String getName() {
    return NAME;
  }

  @Override
  public PasswordAuthenticator create(Map<String, String> config) {
    return this::authenticate;
  }

  private Principal authenticate(String name, String given) {
    if (!known.equals(new OnePassword(name, given))) {
      throw new AccessDeniedException("wrong user or password");
    }
    return new UserPrincipal(name);
  }
}
