package io.warmpath.tokenizers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.text.Normalizer;
import org.junit.jupiter.api.Test;

final class UnicodeTableTest {

  /** Letters of Unicode 3.0; whoever has another category there has read the table wrongly. */
  @Test
  void oldCharactersHaveTheCategoriesThatTheJdkHas() {
    int checked = 0;
    for (int c = 0; c < 0x180; c++) {
      assertEquals(Character.getType(c), UnicodeTable.type(c), Integer.toHexString(c));
      checked++;
    }
    for (int c : new int[] {0x2028, 0x2029, 0x20AC, 0xAC00, 0xE000, 0xD800, 0x1D7D8, 0x20000}) {
      assertEquals(Character.getType(c), UnicodeTable.type(c), Integer.toHexString(c));
      checked++;
    }
    assertEquals(392, checked);
  }

  @Test
  void charactersOfUnicode16HaveTheirCategoriesOnAnyJdk() {
    assertEquals(Character.OTHER_LETTER, UnicodeTable.type(0x323AF));
    assertEquals(Character.UPPERCASE_LETTER, UnicodeTable.type(0xA7CB));
    assertEquals(Character.UNASSIGNED, UnicodeTable.type(0x323B0));
    assertEquals(Character.UNASSIGNED, UnicodeTable.type(0x10FFFF));
  }

  @Test
  void wordsAreNotTheSameBesideTokensAndInPatterns() {
    assertTrue(UnicodeTable.isWord('_') && UnicodeTable.isPatternWord('_'));
    assertTrue(UnicodeTable.isWord(0x200D));
    assertFalse(UnicodeTable.isPatternWord(0x200D) || UnicodeTable.isPatternWord(0xBD));
    assertFalse(UnicodeTable.isWord(' ') || UnicodeTable.isPatternWord(' '));
  }

  @Test
  void whatAFormMayChangeIsActive() {
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      for (Normalizer.Form form : Normalizer.Form.values()) {
        assertTrue(
            !UnicodeTable.mayChange(c, form) || UnicodeTable.isActive(c), Integer.toHexString(c));
      }
    }
  }
}
