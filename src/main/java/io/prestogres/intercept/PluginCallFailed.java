package io.prestogres.intercept;

import io.prestogres.metrics.PluginFailure;
import java.io.Serial;

/** A call of a plugin that brought nothing; the cause, if there is one, is the plugin's own. */
final class PluginCallFailed extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final PluginFailure reason;

  PluginCallFailed(PluginFailure reason) {
    super(reason.name(), null, false, false);
    this.reason = reason;
  }

  PluginCallFailed(PluginFailure reason, Throwable cause) {
    super(reason.name(), cause, false, false);
    this.reason = reason;
  }

  PluginFailure reason() {
    return reason;
  }

  /** What the client is told: who failed and how, but nothing of what the plugin said. */
  String message(String plugin, long timeoutMillis) {
    return switch (reason) {
      case THREW -> "plugin %s failed".formatted(plugin);
      case NO_ANSWER -> "plugin %s gave no answer".formatted(plugin);
      case INVALID_ANSWER -> "plugin %s gave an answer that cannot be used".formatted(plugin);
      case TIMEOUT -> "plugin %s did not answer within %d ms".formatted(plugin, timeoutMillis);
      case BUSY -> "plugin %s could not be called: too many calls of plugins".formatted(plugin);
    };
  }
}
