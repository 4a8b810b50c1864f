package io.prestogres.auth;

/**
 * A file for TLS cannot be used; the message names the file and says what to do. Carries no stack
 * trace: it is an answer to the operator.
 */
public final class TlsFileException extends Exception {

  private static final long serialVersionUID = 1;

  TlsFileException(String file, String reason) {
    super(file + " " + reason, null, false, false);
  }
}
