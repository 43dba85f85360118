package io.warmpath.tokenizers.jinja;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A call; of a method of a text or dict without an object for the method. */
final class CallExpression implements Expression {

  private final Expression target;
  private final ExpressionCompiler.ArgsExpression args;
  private final @Nullable AttributeExpression method;
  private final @Nullable Builtin ofText;
  private final @Nullable Builtin ofDict;

  CallExpression(Expression target, ExpressionCompiler.ArgsExpression args) {
    this.target = target;
    this.args = args;
    method = target instanceof AttributeExpression attribute ? attribute : null;
    ofText = method == null ? null : TextMethods.ALL.get(method.name());
    ofDict = method == null ? null : ContainerMethods.DICT.get(method.name());
  }

  @Override
  public Object evaluate(Run run) {
    if (method == null) {
      return call(target.evaluate(run), run);
    }
    Object self = method.target().evaluate(run);
    if (ofText != null && self instanceof String) {
      return ofText.call(run, self, args.evaluate(run));
    }
    if (ofDict != null && self instanceof Map<?, ?>) {
      return ofDict.call(run, self, args.evaluate(run));
    }
    return call(method.of(self, run), run);
  }

  private Object call(Object callee, Run run) {
    if (callee instanceof Callable callable) {
      run.step();
      return callable.call(run, args.evaluate(run));
    }
    if (callee instanceof Undefined undefined) {
      throw undefined.error();
    }
    throw new JinjaError("'" + Types.name(callee) + "' object is not callable");
  }

  /** What a macro writes goes straight into the prompt. */
  @Override
  public void print(Run run) {
    Object callee = method == null ? target.evaluate(run) : None.NONE;
    if (callee instanceof Macro macro) {
      macro.print(run, args.evaluate(run));
    } else {
      Text.print(method == null ? call(callee, run) : evaluate(run), run);
    }
  }
}
