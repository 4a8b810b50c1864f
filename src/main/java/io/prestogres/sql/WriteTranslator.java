package io.prestogres.sql;

/**
 * Translates a statement that writes to Presto. As {@link Translator}, it knows a closed world:
 * what has no rule is {@link Untranslatable}, and then nothing is written.
 *
 * <p>Blocking and deeply recursive: to be called on {@link SqlParser#workers}.
 */
final class WriteTranslator {

  private WriteTranslator() {}

  static PrestoWrite translate(WriteStatement write, WriteTarget target, WriteInput input)
      throws Untranslatable {
    QueryWrite query = new QueryWrite(write, target, input);
    TableDefinition definition = new TableDefinition(write, target);
    return switch (write.head().verb()) {
      case INSERT -> query.insert();
      case DELETE -> new ChangeWrite(write, target, input).delete();
      case UPDATE -> new ChangeWrite(write, target, input).update();
      case TRUNCATE -> definition.truncate();
      case CREATE_TABLE -> write.query().isPresent() ? query.createTable() : definition.create();
      case CREATE_VIEW -> query.createView();
      case DROP -> definition.drop();
      case ALTER -> definition.alter();
      case UNSUPPORTED -> throw new Untranslatable(write.words() + " has no counterpart on Presto");
    };
  }
}
