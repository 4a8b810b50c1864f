package io.prestogres.demo.engines.patch;

import com.facebook.presto.common.type.Type;
import com.facebook.presto.spi.ColumnMetadata;

/**
 * Column metadata with the constructor that Presto 0.287 had and 0.296 has not: of a name and a
 * type.
 */
public final class NamedColumn extends ColumnMetadata {
  public NamedColumn(String name, Type type) {
    super(builder().setName(name).setType(type));
  }
}
