package io.warmpath.tokenizers.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Python's arithmetic. */
final class Operators {

  private static final int MAX_EXPONENT = 65_536;

  /** A reference takes as much as some characters. */
  private static final long CHARS_PER_VALUE = 4;

  private Operators() {}

  static Object apply(String operator, Object left, Object right, Run run) {
    return switch (operator) {
      case "+" -> add(left, right, run);
      case "-" -> subtract(left, right);
      case "*" -> multiply(left, right, run);
      case "/" -> divide(left, right);
      case "//" -> floorDivide(left, right);
      case "%" -> modulo(left, right, run);
      default -> power(left, right);
    };
  }

  static Object add(Object left, Object right, Run run) {
    if (left instanceof String text && right instanceof String other) {
      run.make((long) text.length() + other.length());
      return text.concat(other);
    }
    if (left instanceof Long a && right instanceof Long b) {
      long sum = a + b;
      return ((a ^ sum) & (b ^ sum)) < 0 ? big(left).add(big(right)) : (Object) sum;
    }
    if (Types.isNumber(left) && Types.isNumber(right)) {
      return isReal(left, right)
          ? (Object) (Integers.real(left) + Integers.real(right))
          : Integers.normal(big(left).add(big(right)));
    }
    if (left instanceof List<?> list
        && right instanceof List<?> other
        && left instanceof Tuple == right instanceof Tuple
        && !(left instanceof Range)
        && !(right instanceof Range)) {
      run.make(CHARS_PER_VALUE * (list.size() + other.size()));
      List<Object> all = new ArrayList<>(list.size() + other.size());
      all.addAll(list);
      all.addAll(other);
      return left instanceof Tuple ? Tuple.copyOf(all) : all;
    }
    checkDefined(left, right);
    if (left instanceof String || (left instanceof List<?> && !(left instanceof Range))) {
      throw new JinjaError("can only concatenate %s (not \"%s\") to %s"
          .formatted(Types.name(left), Types.name(right), Types.name(left)));
    }
    throw unsupported("+", left, right);
  }

  private static BigInteger big(Object value) {
    return Integers.big(value);
  }

  private static boolean isReal(Object left, Object right) {
    return left instanceof Double || right instanceof Double;
  }

  private static void checkDefined(Object left, Object right) {
    if (left instanceof Undefined undefined) {
      throw undefined.error();
    }
    if (right instanceof Undefined undefined) {
      throw undefined.error();
    }
  }

  private static JinjaError unsupported(String operator, Object left, Object right) {
    return new JinjaError("unsupported operand type(s) for %s: '%s' and '%s'"
        .formatted(operator, Types.name(left), Types.name(right)));
  }

  private static void checkNumbers(String operator, Object left, Object right) {
    checkDefined(left, right);
    if (!Types.isNumber(left) || !Types.isNumber(right)) {
      throw unsupported(operator, left, right);
    }
  }

  static Object subtract(Object left, Object right) {
    if (left instanceof Long a && right instanceof Long b) {
      long difference = a - b;
      return ((a ^ b) & (a ^ difference)) < 0
          ? big(left).subtract(big(right))
          : (Object) difference;
    }
    checkNumbers("-", left, right);
    return isReal(left, right)
        ? (Object) (Integers.real(left) - Integers.real(right))
        : Integers.normal(big(left).subtract(big(right)));
  }

  static Object multiply(Object left, Object right, Run run) {
    if (Types.isNumber(left) && Types.isNumber(right)) {
      return isReal(left, right)
          ? (Object) (Integers.real(left) * Integers.real(right))
          : Integers.normal(big(left).multiply(big(right)));
    }
    if (Types.isInteger(right) && isSequence(left)) {
      return repeat(left, Math.max(0, Integers.clamped(right)), run);
    }
    if (Types.isInteger(left) && isSequence(right)) {
      return repeat(right, Math.max(0, Integers.clamped(left)), run);
    }
    checkDefined(left, right);
    if (isSequence(left) || isSequence(right)) {
      throw new JinjaError("can't multiply sequence by non-int of type '"
          + Types.name(isSequence(left) ? right : left)
          + "'");
    }
    throw unsupported("*", left, right);
  }

  private static boolean isSequence(Object value) {
    return value instanceof String || (value instanceof List<?> && !(value instanceof Range));
  }

  private static Object repeat(Object value, int times, Run run) {
    if (value instanceof String text) {
      run.make((long) text.length() * times);
      return text.repeat(times);
    }
    List<?> list = (List<?>) value;
    run.make(CHARS_PER_VALUE * list.size() * times);
    List<Object> all = new ArrayList<>(list.size() * times);
    if (!list.isEmpty()) {
      for (int i = 0; i < times; i++) {
        all.addAll(list);
      }
    }
    return value instanceof Tuple ? Tuple.copyOf(all) : all;
  }

  static Object divide(Object left, Object right) {
    checkNumbers("/", left, right);
    double divisor = Integers.real(right);
    if (divisor == 0) {
      throw new JinjaError(isReal(left, right) ? "float division by zero" : "division by zero");
    }
    return Integers.real(left) / divisor;
  }

  static Object floorDivide(Object left, Object right) {
    checkNumbers("//", left, right);
    if (isReal(left, right)) {
      double divisor = Integers.real(right);
      if (divisor == 0) {
        throw new JinjaError("float floor division by zero");
      }
      double dividend = Integers.real(left);
      double remainder = floorRemainder(dividend, divisor);
      double quotient = (dividend - remainder) / divisor;
      // As Python's float_floor_div: the quotient is whole but for rounding.
      double floor = Math.floor(quotient);
      return quotient - floor > 0.5 ? floor + 1 : floor;
    }
    checkDivisor(right, "integer division or modulo by zero");
    BigInteger[] parts = big(left).divideAndRemainder(big(right));
    boolean isBelow = parts[1].signum() != 0 && parts[1].signum() != big(right).signum();
    return Integers.normal(isBelow ? parts[0].subtract(BigInteger.ONE) : parts[0]);
  }

  private static double floorRemainder(double dividend, double divisor) {
    double remainder = dividend % divisor;
    if (remainder == 0) {
      return Math.copySign(0, divisor);
    }
    return remainder < 0 == divisor < 0 ? remainder : remainder + divisor;
  }

  private static void checkDivisor(Object right, String message) {
    if (big(right).signum() == 0) {
      throw new JinjaError(message);
    }
  }

  static Object modulo(Object left, Object right, Run run) {
    if (left instanceof String format) {
      return PercentFormat.format(format, right, run);
    }
    checkNumbers("%", left, right);
    if (isReal(left, right)) {
      double divisor = Integers.real(right);
      if (divisor == 0) {
        throw new JinjaError("float modulo");
      }
      return floorRemainder(Integers.real(left), divisor);
    }
    checkDivisor(right, "integer modulo by zero");
    BigInteger remainder = big(left).remainder(big(right));
    boolean isBelow =
        remainder.signum() != 0 && remainder.signum() != big(right).signum();
    return Integers.normal(isBelow ? remainder.add(big(right)) : remainder);
  }

  static Object power(Object left, Object right) {
    checkNumbers("**", left, right);
    if (!isReal(left, right) && big(right).signum() >= 0) {
      BigInteger base = big(left);
      BigInteger exponent = big(right);
      if (base.bitLength() <= 1 && base.abs().bitLength() <= 1) {
        boolean isOne = base.signum() == 0
            ? exponent.signum() == 0
            : !base.equals(BigInteger.ONE.negate()) || !exponent.testBit(0);
        return base.signum() == 0 ? (isOne ? 1L : 0L) : isOne ? 1L : -1L;
      }
      if (exponent.bitLength() > 31
          || (long) base.bitLength() * exponent.intValue() > MAX_EXPONENT) {
        throw Integers.tooLarge();
      }
      return Integers.normal(base.pow(exponent.intValue()));
    }
    double base = Integers.real(left);
    double exponent = Integers.real(right);
    if (base == 0 && exponent < 0) {
      throw new JinjaError("0.0 cannot be raised to a negative power");
    }
    if (base < 0 && Double.isFinite(exponent) && exponent != Math.rint(exponent)) {
      throw new JinjaError("complex numbers are not supported");
    }
    if (base == 1 || exponent == 0) {
      return 1.0;
    }
    double result = Math.pow(base, exponent);
    if (Double.isInfinite(result) && Double.isFinite(base) && Double.isFinite(exponent)) {
      throw new JinjaError("Numerical result out of range");
    }
    return result;
  }

  static Object negate(Object value) {
    if (value instanceof Undefined undefined) {
      throw undefined.error();
    }
    if (value instanceof Double number) {
      return -number;
    }
    if (Types.isInteger(value)) {
      return Integers.normal(big(value).negate());
    }
    throw new JinjaError("bad operand type for unary -: '" + Types.name(value) + "'");
  }

  static Object positive(Object value) {
    if (value instanceof Undefined undefined) {
      throw undefined.error();
    }
    if (value instanceof Double) {
      return value;
    }
    if (Types.isInteger(value)) {
      return Integers.normal(big(value));
    }
    throw new JinjaError("bad operand type for unary +: '" + Types.name(value) + "'");
  }
}
