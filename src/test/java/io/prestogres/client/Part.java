package io.prestogres.client;

import java.util.Locale;

/** What a client does; the scripts know each by its name in small letters. */
enum Part {
  /** Lists schemas, tables and columns. */
  BROWSE,
  /** Asks with every type of parameter. */
  PARAMETERS,
  /** Reads the orders in portions. */
  ROWS,
  /** Names a column that does not exist, and goes on. */
  ERROR,
  /** Cancels a statement of many minutes, and goes on. */
  CANCEL;

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
