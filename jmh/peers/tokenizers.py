"""Tokens a second of Hugging Face tokenizers, one thread, on the text of TokenizerBenchmark.

    python jmh/peers/tokenizers.py DIR [FILE]

DIR holds tokenizer.json; FILE is the text, that of the benchmark by default. "warm" encodes it again
and again; "cold" is the first text of an object that was just loaded. Compare tokens a second, on the
same machine at the same time. Needs PyPI tokenizers.
"""

import os
import pathlib
import statistics
import sys
import time

os.environ["TOKENIZERS_PARALLELISM"] = "false"
# This file has the name of the package that it measures.
sys.path = [p for p in sys.path if pathlib.Path(p or ".").resolve() != pathlib.Path(__file__).parent]

import tokenizers  # noqa: E402

TEXT = pathlib.Path(__file__).parents[1] / "src/main/resources/io/warmpath/jmh/mix.txt"


def seconds(tokenizer, text):
    start = time.perf_counter()
    tokenizer.encode(text, add_special_tokens=False)
    return time.perf_counter() - start


def report(name, tokens, times):
    print(f"{name}: best {tokens / min(times):,.0f} tokens/s,"
          f" median {tokens / statistics.median(times):,.0f} tokens/s")


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    file = str(pathlib.Path(sys.argv[1], "tokenizer.json"))
    text = pathlib.Path(sys.argv[2] if len(sys.argv) == 3 else TEXT).read_text(encoding="utf-8")
    start = time.perf_counter()
    tokenizer = tokenizers.Tokenizer.from_file(file)
    print(f"tokenizers {tokenizers.__version__}: loaded in {time.perf_counter() - start:.2f} s")
    tokens = len(tokenizer.encode(text, add_special_tokens=False).ids)
    print(f"{len(text):,} characters, {tokens:,} tokens")
    for _ in range(10):
        seconds(tokenizer, text)
    report("warm", tokens, [seconds(tokenizer, text) for _ in range(50)])
    report("cold", tokens,
           [seconds(tokenizers.Tokenizer.from_file(file), text) for _ in range(7)])


if __name__ == "__main__":
    main()
