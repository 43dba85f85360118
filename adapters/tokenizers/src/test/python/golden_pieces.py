"""Prints golden/pieces.json: what PyPI tokenizers 0.23.3 makes of random texts.

    python golden_pieces.py > ../resources/golden/pieces.json

Texts are in all four normalization forms, and cut by split patterns with behaviour Isolated.
"""

import json
import random

import tokenizers
from tokenizers import Regex, normalizers, pre_tokenizers

PATTERNS = {
    "gpt2": [r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"],
    "gpt4": [r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"
             r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"],
    "qwen35": [r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}"
               r"| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"],
    "o200k": [r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"
              r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
              r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*"
              r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*"
              r"|\s*[\r\n]+|\s+(?!\S)|\s+"],
    "deepseek": ["\\p{N}{1,3}", "[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+",
                 "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+"
                 "|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\r\n]*"
                 "|\\s*[\r\n]+|\\s+(?!\\S)|\\s+"],
    "words": [r"\p{Han}+|\w+|[^\w\s]++|\s+$|\s"],
    "possessive": [r"[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*+"
                   r"|\s*[\r\n]|\s+(?!\S)|\s+"],
}
PARTS = (
    " |  |\n|\r\n|\n\n|\t|\u00a0|\u3000|\x85|\x1c|\u200b|\u200d|'s|'S|'\u017f|'LL|a|Z|Word|é|e\u0301"
    "|\u0301|\u0323|한글|\u1100\u1161\u11a8|가\u11a8|中文|か\u3099|カ|12345|٣|½|Ⅷ|𝟘|.|!?|_|/|🚀|\0|ﬁ"
    "|\u212b|ǅ|ʰ|\u0903|क्षि|\u0958|\u0344|\U000105d2\u0307|\U00011935\U00011930|\U0001e4ee\u0301"
    "|\u0f43|\u32ff|\ua7f2|\U00016d67\U00016d67|\U000323af|\ua7cb|\U0001ccf0|\u0897|\u0888|\u9ffd"
).split("|")


def main():
    rnd = random.Random(20261122)

    def character():
        while True:
            c = rnd.randrange(rnd.choice((0x250, 0x3000, 0x10000, 0x32400)))
            if not 0xD800 <= c < 0xE000:
                return chr(c)

    cases = []
    for i in range(400):
        text = "".join(character() if rnd.random() < 0.3 else rnd.choice(PARTS)
                       for _ in range(rnd.randrange(1, 12)))
        case = {"text": text}
        for form in ("NFC", "NFD", "NFKC", "NFKD"):
            normalized = getattr(normalizers, form)().normalize_str(text)
            if normalized != text:
                case[form] = normalized
        pieces = {}
        for name, patterns in PATTERNS.items():
            steps = [pre_tokenizers.Split(Regex(p), "isolated") for p in patterns]
            cut = pre_tokenizers.Sequence(steps).pre_tokenize_str(text)
            pieces[name] = [end for _, (_, end) in cut]
        case["ends"] = pieces
        cases.append(case)
    print(json.dumps({"tokenizers": tokenizers.__version__, "patterns": PATTERNS, "cases": cases},
                     separators=(",", ":")).replace('{"text"', '\n{"text"'))


if __name__ == "__main__":
    main()
