package io.prestogres.demo;

import io.prestogres.demo.engines.LoopbackPort;
import io.prestogres.demo.engines.PortBusyException;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Properties;

/** The TCP ports of the demo, each with the property that changes it. */
enum DemoPort {
  PROXY("demo.port", 5439),
  POSTGRESQL("demo.postgresql.port", 15432),
  PRESTO("demo.presto.port", 18080),
  ADMIN("demo.admin.port", 9439),
  RESULTS("demo.results.port", 15440);

  private static final int LARGEST = 65535;

  private final String property;
  private final int standard;

  DemoPort(String property, int standard) {
    this.property = property;
    this.standard = standard;
  }

  /**
   * Reads all ports and makes sure that they are free, before anything is started.
   *
   * @throws DemoFailure with one line for the user
   */
  static Map<DemoPort, Integer> readAll(Properties properties) throws DemoFailure {
    Map<DemoPort, Integer> ports = new EnumMap<>(DemoPort.class);
    for (DemoPort port : values()) {
      int number = port.read(properties);
      for (Map.Entry<DemoPort, Integer> other : ports.entrySet()) {
        if (other.getValue() == number) {
          throw new DemoFailure(
              "Port "
                  + number
                  + " is wanted by both "
                  + other.getKey().property
                  + " and "
                  + port.property
                  + ".");
        }
      }
      ports.put(port, number);
    }
    for (Map.Entry<DemoPort, Integer> port : ports.entrySet()) {
      port.getKey().requireFree(port.getValue());
    }
    return ports;
  }

  /** What to tell the user when something else listens on this port. */
  DemoFailure busy(int number) {
    return new DemoFailure(
        "Port " + number + " is in use; choose another one with -D" + property + "=<port>.");
  }

  private int read(Properties properties) throws DemoFailure {
    String text = properties.getProperty(property, Integer.toString(standard));
    try {
      int number = Integer.parseInt(text);
      if (number >= 1 && number <= LARGEST) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      // Reported below, like a number out of range.
    }
    throw new DemoFailure(
        "-D" + property + "=" + text + " is no port: give a number from 1 to 65535.");
  }

  private void requireFree(int number) throws DemoFailure {
    try {
      LoopbackPort.claim(number);
    } catch (PortBusyException busy) {
      throw busy(number);
    } catch (IOException failure) {
      throw new DemoFailure(
          "Port "
              + number
              + " cannot be used: "
              + failure.getMessage()
              + "; choose another one with -D"
              + property
              + "=<port>.");
    }
  }
}
