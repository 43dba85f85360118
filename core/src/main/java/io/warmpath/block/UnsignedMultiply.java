package io.warmpath.block;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * The upper half of an unsigned product: one instruction on JDK 18 and later, whose {@code
 * Math.unsignedMultiplyHigh} code for release 17 cannot name; five more without it.
 *
 * <p>A constant method handle is compiled into the caller like a call, so choosing costs nothing: see
 * {@code docs/decisions/0008-own-xxh3-for-blocks.md} for what it brings.
 */
final class UnsignedMultiply {

  private static final MethodHandle HIGH = find();

  private UnsignedMultiply() {}

  /** {@return bits 64 to 127 of the product of two unsigned numbers} */
  static long high(long a, long b) {
    try {
      return (long) HIGH.invokeExact(a, b);
    } catch (Throwable impossible) { // declared by every method handle; neither method throws
      throw new AssertionError(impossible);
    }
  }

  /** As {@link #high}, from the signed product: a negative factor is 2^64 too small. */
  static long corrected(long a, long b) {
    return Math.multiplyHigh(a, b) + (((a >> 63) & b) + ((b >> 63) & a));
  }

  private static MethodHandle find() {
    MethodType type = MethodType.methodType(long.class, long.class, long.class);
    MethodHandles.Lookup here = MethodHandles.lookup();
    try {
      try {
        return here.findStatic(Math.class, "unsignedMultiplyHigh", type);
      } catch (NoSuchMethodException olderThan18) {
        return here.findStatic(UnsignedMultiply.class, "corrected", type);
      }
    } catch (ReflectiveOperationException impossible) {
      throw new LinkageError(impossible.getMessage(), impossible);
    }
  }
}
