package io.warmpath.launcher;

import io.warmpath.block.LoraAdapter;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code NAME[,path=PATH][,id=NUMBER]}. */
final class AdapterConverter implements ITypeConverter<LoraAdapter> {

  private static final String FORM = "; write NAME[,path=PATH][,id=NUMBER]";

  @Override
  public LoraAdapter convert(String text) {
    String[] parts = text.split(",", -1);
    String path = null;
    Long id = null;
    for (int i = 1; i < parts.length; i++) {
      String value = parts[i].substring(parts[i].indexOf('=') + 1);
      if (parts[i].startsWith("path=") && path == null && !value.isEmpty()) {
        path = value;
      } else if (parts[i].startsWith("id=") && id == null) {
        id = id(text, value);
      } else {
        throw new TypeConversionException("adapter '" + text + "': '" + parts[i]
            + "' is neither path=… nor id=…, or is there twice" + FORM);
      }
    }
    if (parts[0].isEmpty()) {
      throw new TypeConversionException("adapter '" + text + "' has no name" + FORM);
    }
    return new LoraAdapter(parts[0], path, id);
  }

  private static Long id(String text, String number) {
    try {
      return Long.parseUnsignedLong(number);
    } catch (NumberFormatException e) {
      throw new TypeConversionException("adapter '" + text + "': id must be a number of at most 64"
          + " bits, at least 0, was '" + number + "'");
    }
  }
}
