"""Measures what PyPI tokenizers knows of Unicode and prints it as unicode.txt, see its first lines.

    python unicode_table.py > ../resources/io/warmpath/tokenizers/unicode.txt

Nothing is taken from Python's own tables: every code point is given to the split patterns, the
normalizers and the added tokens of the installed package (pip install tokenizers==0.23.3).
"""

import sys

import tokenizers
from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers

CODE_POINTS = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
ALL = "".join(map(chr, CODE_POINTS))
CATEGORIES = (
    "Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Zs Zl Zp Cc Cf Co Cn"
).split()

ACTIVE, NFC, NFD, NFKC, NFKD, WORD, RUST_WORD = 1, 2, 4, 8, 16, 32, 64


def members(pattern):
    """The code points that a pattern of one character matches."""
    split = pre_tokenizers.Split(Regex(pattern + "+"), "removed")
    found = bytearray(b"\1") * 0x110000
    found[0xD800:0xE000] = bytes(0x800)
    for _, (start, end) in split.pre_tokenize_str(ALL):
        for i in range(start, end):
            found[CODE_POINTS[i]] = 0
    return found


def rust_words():
    """The code points beside which an added token that is a single word is not found."""
    tokenizer = Tokenizer(models.WordLevel({"?": 0}, unk_token="?"))
    tokenizer.add_tokens([AddedToken("<w>", single_word=True, normalized=False)])
    words = bytearray(0x110000)
    for c in CODE_POINTS:
        words[c] = tokenizer.encode(chr(c) + "<w>", add_special_tokens=False).ids[-1] == 0
    return words


def main():
    category = ["Cs"] * 0x110000
    for name in CATEGORIES:
        found = members(r"\p{%s}" % name)
        for c in CODE_POINTS:
            if found[c]:
                category[c] = name
    bits = [0] * 0x110000
    for c, is_word in enumerate(members(r"[\w]")):
        bits[c] |= WORD if is_word else 0
    for c, is_word in enumerate(rust_words()):
        bits[c] |= RUST_WORD if is_word else 0

    spaces = [c for c, is_space in enumerate(members(r"\s")) if is_space]
    assert spaces == [9, 10, 11, 12, 13, 32, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B),
                      0x2028, 0x2029, 0x202F, 0x205F, 0x3000], spaces

    forms = {
        bit: getattr(normalizers, name)().normalize_str
        for bit, name in ((NFC, "NFC"), (NFD, "NFD"), (NFKC, "NFKC"), (NFKD, "NFKD"))
    }
    for c in CODE_POINTS:
        one = chr(c)
        for bit, form in forms.items():
            if form(one) != one:
                bits[c] |= bit | ACTIVE
        # Classes 1 and 240 are the lowest and the highest that anything has.
        nfd = forms[NFD]
        if nfd("\u0345" + one)[0] != "\u0345" or nfd(one + "\u0334") == "\u0334" + one:
            bits[c] |= ACTIVE | NFC | NFD | NFKC | NFKD
    for c in (0x334, 0x345):
        bits[c] |= ACTIVE | NFC | NFD | NFKC | NFKD
    for c in CODE_POINTS:
        parts = forms[NFD](chr(c))
        if parts != chr(c):
            for part in parts:
                bits[ord(part)] |= ACTIVE
            for part in parts[1:]:
                bits[ord(part)] |= NFC | NFKC
            # What a word's first letter becomes is a letter; safe cuts rely on it.
            assert category[ord(parts[0])][0] != "L" or category[c][0] == "L", hex(c)

    print(f"# What tokenizers {tokenizers.__version__} knows of Unicode, measured by unicode_table.py.")
    print("# A line: first code point of a run in hex, general category in split patterns, sum of")
    print("# 1 normalization does not leave it alone in every context, 2 NFC may change it or its")
    print("# neighbours before it, 4 NFD, 8 NFKC, 16 NFKD, 32 [\\w] in split patterns, 64 \\w beside")
    print("# added tokens that are single words.")
    last = None
    for c in range(0x110000):
        now = (category[c], bits[c])
        if now != last:
            print(f"{c:X} {category[c]} {bits[c]}")
        last = now


if __name__ == "__main__":
    sys.exit(main())
