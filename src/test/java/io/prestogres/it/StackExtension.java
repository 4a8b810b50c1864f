package io.prestogres.it;

import io.prestogres.config.InstanceConfig;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives every integration test of a JVM the same {@link Stack}, which ends with the JVM's tests;
 * those that are {@link OverPljava} share another. Of several JVMs each has its own.
 */
public final class StackExtension implements ParameterResolver, ExecutionCondition {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(StackExtension.class);

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return new EngineCondition().evaluateExecutionCondition(context);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Stack.class;
  }

  @Override
  public Stack resolveParameter(ParameterContext parameter, ExtensionContext context) {
    boolean pljava = context.getRequiredTestClass().isAnnotationPresent(OverPljava.class);
    return context
        .getStore(StoreScope.LAUNCHER_SESSION, NAMESPACE)
        .computeIfAbsent(
            pljava ? OverPljava.class : Stack.class,
            key -> {
              try {
                return pljava
                    ? Stack.start(InstalledPljava.options(), InstanceConfig.TableFunction.PLJAVA)
                    : Stack.start();
              } catch (Exception e) {
                throw new IllegalStateException("the stack does not start", e);
              }
            },
            Stack.class);
  }
}
