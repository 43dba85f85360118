package io.warmpath.chronicle;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.openhft.chronicle.map.ChronicleMap;

/** What Chronicle Map needs of the JVM: it reaches into the JDK, and compiles code that it makes up. */
final class ChronicleFlags {

  private static final String ANALYTICS = "chronicle.analytics.disable";

  private ChronicleFlags() {}

  /**
   * What a flag opens.
   *
   * @param opens whether it must be open to reflection, or only exported
   */
  private record Access(boolean opens, String module, String name) {

    boolean isMissing(Module reader) {
      Optional<Module> owner = ModuleLayer.boot().findModule(module);
      return owner.isPresent() && !isGiven(owner.get(), reader);
    }

    private boolean isGiven(Module owner, Module reader) {
      return !owner.getPackages().contains(name)
          || (opens ? owner.isOpen(name, reader) : owner.isExported(name, reader));
    }

    String flag() {
      return (opens ? "--add-opens=" : "--add-exports=") + module + "/" + name + "=ALL-UNNAMED";
    }
  }

  /**
   * Chronicle's own list for JDK 17 (chronicle.software, "Chronicle support for Java 17") and the last
   * two; tried on 17 and 25.
   */
  private static final List<Access> NEEDED = List.of(
      new Access(false, "java.base", "jdk.internal.ref"),
      new Access(false, "java.base", "sun.nio.ch"),
      new Access(false, "jdk.unsupported", "sun.misc"),
      new Access(false, "jdk.compiler", "com.sun.tools.javac.file"),
      new Access(true, "jdk.compiler", "com.sun.tools.javac"),
      new Access(true, "java.base", "java.lang"),
      new Access(true, "java.base", "java.lang.reflect"),
      new Access(true, "java.base", "java.io"),
      new Access(true, "java.base", "java.util"),
      new Access(true, "java.base", "sun.nio.ch"),
      new Access(true, "java.base", "java.nio"));

  /**
   * Throws if Chronicle Map cannot run; else sees to it that it sends nothing, should its analytics be
   * on the class path for the sake of another library.
   */
  static void check() {
    if (ModuleLayer.boot().findModule("jdk.compiler").isEmpty()) {
      throw new IllegalStateException("Chronicle Map compiles code at run time: start this program"
          + " with a JDK, or an image with the module jdk.compiler; " + OTHERWISE);
    }
    Module chronicle = chronicle();
    List<String> missing = new ArrayList<>();
    for (Access access : NEEDED) {
      if (access.isMissing(chronicle)) {
        missing.add(access.flag());
      }
    }
    if (!missing.isEmpty()) {
      throw new IllegalStateException("Chronicle Map cannot run in this JVM: start it with "
          + String.join(" ", missing) + "; " + OTHERWISE);
    }
    if (System.getProperty(ANALYTICS) == null) {
      System.setProperty(ANALYTICS, "true");
    }
  }

  private static final String OTHERWISE = "or use IndexSnapshot.file, which needs nothing";

  private static Module chronicle() {
    try {
      return ChronicleMap.class.getModule();
    } catch (NoClassDefFoundError e) {
      throw new IllegalStateException(
          "Chronicle Map is not on the class path: add net.openhft:chronicle-map; " + OTHERWISE, e);
    }
  }
}
