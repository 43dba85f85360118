package io.warmpath.launcher;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The version in the manifest of a command's jar, for picocli's {@code versionProvider}. */
public final class ManifestVersion implements IVersionProvider {

  @Spec
  private @Nullable CommandSpec command;

  /** Creates the provider; picocli tells it the command. */
  public ManifestVersion() {}

  @Override
  public String[] getVersion() {
    if (command == null) {
      throw new IllegalStateException("picocli did not set the command");
    }
    String version = command.root().userObject().getClass().getPackage().getImplementationVersion();
    return new String[] {command.name() + (version == null ? " (not from its jar)" : " " + version)
    };
  }
}
