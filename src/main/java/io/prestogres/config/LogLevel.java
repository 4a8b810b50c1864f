package io.prestogres.config;

/** How much is logged: each level includes those before it. */
public enum LogLevel {
  /** What is broken and needs somebody. */
  ERROR,
  /** What went wrong and was coped with. */
  WARN,
  /** Start, stop, and one line per connection end. */
  INFO,
  /** SQL text as well, with the values that clients wrote into it. */
  DEBUG,
  /** Every protocol message as well, passwords masked. */
  TRACE
}
