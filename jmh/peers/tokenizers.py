"""Tokens a second of Hugging Face tokenizers, one thread, on the text of TokenizerBenchmark.

    python jmh/peers/tokenizers.py DIR [FILE] [--json RESULTS]

DIR holds tokenizer.json; FILE is the text, that of the benchmark by default. "warm" encodes it again
and again; "cold" is the first text of an object that was just loaded; "long" is the text repeated to
32,000 tokens. Compare on the same machine at the same time. RESULTS gets the medians, for the tables of
docs/performance.md. Needs PyPI tokenizers.
"""

import argparse
import json
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
LONG_TOKENS = 32_000


def seconds(tokenizer, text):
    start = time.perf_counter()
    tokenizer.encode(text, add_special_tokens=False)
    return time.perf_counter() - start


def report(name, tokens, times):
    median = tokens / statistics.median(times)
    print(f"{name}: best {tokens / min(times):,.0f} tokens/s, median {median:,.0f} tokens/s")
    return round(median)


def load(file):
    start = time.perf_counter()
    tokenizers.Tokenizer.from_file(file)
    return time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dir", type=pathlib.Path, metavar="DIR")
    parser.add_argument("text", type=pathlib.Path, metavar="FILE", nargs="?", default=TEXT)
    parser.add_argument("--json", type=pathlib.Path, metavar="RESULTS")
    options = parser.parse_args()
    file = str(options.dir / "tokenizer.json")
    text = options.text.read_text(encoding="utf-8")
    loads = [load(file) for _ in range(5)]
    print(f"tokenizers {tokenizers.__version__}: loaded in {statistics.median(loads):.2f} s")
    tokenizer = tokenizers.Tokenizer.from_file(file)
    tokens = len(tokenizer.encode(text, add_special_tokens=False).ids)
    print(f"{len(text):,} characters, {tokens:,} tokens")
    for _ in range(10):
        seconds(tokenizer, text)
    warm = report("warm", tokens, [seconds(tokenizer, text) for _ in range(50)])
    cold = report("cold", tokens,
                  [seconds(tokenizers.Tokenizer.from_file(file), text) for _ in range(7)])
    long = text * (LONG_TOKENS // tokens) + text[: len(text) * (LONG_TOKENS % tokens) // tokens]
    long_s = statistics.median(seconds(tokenizer, long) for _ in range(15))
    print(f"long: {LONG_TOKENS:,} tokens in {1000 * long_s:.1f} ms")
    if options.json:
        options.json.write_text(json.dumps({
            "version": tokenizers.__version__,
            "warm_tokens_per_s": warm,
            "cold_tokens_per_s": cold,
            "load_s": round(statistics.median(loads), 3),
            "long_s": round(long_s, 4),
        }, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
