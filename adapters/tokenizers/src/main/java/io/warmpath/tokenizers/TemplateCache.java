package io.warmpath.tokenizers;

import io.warmpath.tokenizers.JinjaChatTemplate.Compiled;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Templates that came with requests, compiled: the last used ones, at most {@value #MOST}, of at most {@value
 * #LONGEST} characters each; longer ones are compiled each time.
 *
 * <p><b>Threads:</b> any number; a lock is held for a look-up, not while compiling.
 */
final class TemplateCache {

  static final int MOST = 32;
  static final int LONGEST = 65_536;

  private final Map<String, Compiled> compiled = new LinkedHashMap<>(MOST, 0.75f, true) {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Compiled> eldest) {
      return size() > MOST;
    }
  };

  Compiled get(String source) {
    synchronized (compiled) {
      Compiled known = compiled.get(source);
      if (known != null) {
        return known;
      }
    }
    Compiled template = Compiled.of(source);
    if (source.length() <= LONGEST) {
      synchronized (compiled) {
        compiled.put(source, template);
      }
    }
    return template;
  }

  int size() {
    synchronized (compiled) {
      return compiled.size();
    }
  }
}
