package io.warmpath.tokenizers.jinja;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/** What Python takes for true. */
final class Truth {

  private Truth() {}

  static boolean of(Object value) {
    if (value instanceof Boolean flag) {
      return flag;
    }
    if (value instanceof String text) {
      return !text.isEmpty();
    }
    if (value instanceof List<?> list) {
      return !list.isEmpty();
    }
    if (value instanceof Map<?, ?> map) {
      return !map.isEmpty();
    }
    if (value instanceof Long number) {
      return number != 0;
    }
    if (value instanceof Double number) {
      return number != 0;
    }
    if (value instanceof BigInteger number) {
      return number.signum() != 0;
    }
    if (value instanceof DictView view) {
      return !view.dict().isEmpty();
    }
    return value != None.NONE && !(value instanceof Undefined);
  }
}
