package io.prestogres.client;

import io.prestogres.it.Stack;
import io.prestogres.it.StackExtension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives the tests of all clients the same {@link ClientProxy}, which ends with the JVM's tests. */
final class ClientProxyExtension implements ParameterResolver {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(ClientProxyExtension.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == ClientProxy.class;
  }

  @Override
  public ClientProxy resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getStore(StoreScope.LAUNCHER_SESSION, NAMESPACE)
        .computeIfAbsent(
            ClientProxy.class,
            key -> {
              try {
                // The engines are made first, so they end last.
                Stack stack = new StackExtension().resolveParameter(parameter, context);
                return ClientProxy.start(stack);
              } catch (Exception e) {
                throw new IllegalStateException("the proxy for clients does not start", e);
              }
            },
            ClientProxy.class);
  }
}
