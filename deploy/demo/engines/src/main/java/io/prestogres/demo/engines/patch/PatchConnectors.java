package io.prestogres.demo.engines.patch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Copies two classes of presto-memory and presto-tpcds into the folder given as first argument,
 * making {@code new ColumnMetadata(name, type)} a {@code new NamedColumn(name, type)}.
 */
final class PatchConnectors {
  private static final String OLD = "com/facebook/presto/spi/ColumnMetadata";
  private static final String NEW = "io/prestogres/demo/engines/patch/NamedColumn";
  private static final String CONSTRUCTOR =
      "(Ljava/lang/String;Lcom/facebook/presto/common/type/Type;)V";

  /**
   * All uses of the missing constructor, found by a link check of both connectors against 0.296.
   */
  private static final List<String> CLASSES =
      List.of(
          "com/facebook/presto/plugin/memory/MemoryColumnHandle.class",
          "com/facebook/presto/tpcds/TpcdsMetadata.class");

  private PatchConnectors() {}

  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    for (String name : CLASSES) {
      Path target = folder.resolve(name);
      // An earlier run's result hides the original on the class path.
      Files.deleteIfExists(target);
      byte[] patched = patch(original(name));
      Files.createDirectories(target.getParent());
      Files.write(target, patched);
    }
  }

  private static byte[] original(String name) throws IOException {
    try (InputStream stream = PatchConnectors.class.getClassLoader().getResourceAsStream(name)) {
      if (stream == null) {
        throw new IOException(name + " is not on the class path");
      }
      return stream.readAllBytes();
    }
  }

  private static byte[] patch(byte[] original) throws IOException {
    ClassReader reader = new ClassReader(original);
    ClassWriter writer = new ClassWriter(reader, 0);
    ConstructorReplacement replacement = new ConstructorReplacement(writer);
    reader.accept(replacement, 0);
    if (replacement.count != 1) {
      throw new IOException(
          reader.getClassName() + " makes " + replacement.count + " columns, expected 1");
    }
    return writer.toByteArray();
  }

  private static final class ConstructorReplacement extends ClassVisitor {
    private int count;

    ConstructorReplacement(ClassVisitor next) {
      super(Opcodes.ASM9, next);
    }

    @Override
    @SuppressWarnings("NullAway") // ASM says null for "none" and is not annotated.
    public MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] exceptions) {
      MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
      return new MethodVisitor(Opcodes.ASM9, next) {
        @Override
        public void visitTypeInsn(int opcode, String type) {
          // Every `new` of the class is one of the missing constructor: patch() counts them.
          boolean replace = opcode == Opcodes.NEW && type.equals(OLD);
          super.visitTypeInsn(opcode, replace ? NEW : type);
        }

        @Override
        public void visitMethodInsn(
            int opcode, String owner, String method, String type, boolean isInterface) {
          boolean replace =
              opcode == Opcodes.INVOKESPECIAL && owner.equals(OLD) && type.equals(CONSTRUCTOR);
          count += replace ? 1 : 0;
          super.visitMethodInsn(opcode, replace ? NEW : owner, method, type, isInterface);
        }
      };
    }
  }
}
