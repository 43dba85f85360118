"""Writes golden/tiktoken with PyPI tiktoken.

    python tiktoken_vectors.py DIR RESOURCES OUT

DIR holds the *.tiktoken files of jtokkit's jar, RESOURCES is golden/tokenizers of the module tokenizers.
"""
import base64
import hashlib
import json
import os
import sys

import tiktoken
import tiktoken_ext.openai_public as openai

MORE_TEXTS = [
    "a<|endoftext|>b",
    "<|endoftext|><|endoftext|> <|endoftext",
    "<|start|>user<|message|>hi<|end|>",
    "<|fim_prefix|>x<|fim_suffix|>y<|fim_middle|>",
    "<|endofprompt|>",
    "<|reserved_200000|><|reserved_201087|><|reserved_200018|><|reserved_200002|>",
    "x" * 700,
    " " * 300 + "a",
    "\n" * 50 + " \n",
    "a \n",
    "a\u3000\u00a0 \t\r\n ",
    "1234567 12 1\u0661\u00bd\u2167",
    "HTTPServer'S don'T '\u017f it\u2019s camelCase \u01c5x",
    "<|reserved_special_token_0|>q<|begin_of_text|>",
]
NAMES = ("r50k_base", "p50k_base", "p50k_edit", "cl100k_base", "o200k_base", "o200k_harmony")


def ranks_of_jtokkit(url, expected_hash=None):
    with open(os.path.join(sys.argv[1], os.path.basename(url)), "rb") as file:
        data = file.read()
    assert hashlib.sha256(data).hexdigest() == expected_hash, url
    lines = (line.split() for line in data.splitlines() if line)
    return {base64.b64decode(token): int(rank) for token, rank in lines}


def own_ranks(tokenizer):
    """The bytes, then what the merges make, in order: the ranks that tiktoken wants."""
    shown = [*range(33, 127), *range(161, 173), *range(174, 256)]
    byte_of = {chr(b): b for b in shown}
    hidden = (b for b in range(256) if b not in shown)
    byte_of.update({chr(256 + i): b for i, b in enumerate(hidden)})
    ranks = {bytes([b]): b for b in range(256)}
    for merge in tokenizer["model"]["merges"]:
        left, right = merge if isinstance(merge, list) else merge.split(" ")
        ranks.setdefault(bytes(byte_of[c] for c in left + right), len(ranks))
    return ranks


def main():
    resources, out = sys.argv[2:4]
    openai.load_tiktoken_bpe = ranks_of_jtokkit
    encodings = {name: tiktoken.Encoding(**openai.ENCODING_CONSTRUCTORS[name]()) for name in NAMES}

    with open(f"{resources}/own_llama3_style/tokenizer.json", encoding="utf-8") as file:
        tokenizer = json.load(file)
    ranks = own_ranks(tokenizer)
    with open(f"{out}/own.tiktoken", "wb") as file:
        for token, rank in ranks.items():
            file.write(base64.b64encode(token) + b" %d\n" % rank)
    pattern = tokenizer["pre_tokenizer"]["pretokenizers"][0]["pattern"]["Regex"]
    special = {
        "<|begin_of_text|>": 2000,
        "<|reserved_special_token_0|>": 2001,
        "<|endoftext|>": 2002,
        "<|endoftext|>x": 2003,
    }
    encodings["own"] = tiktoken.Encoding(
        name="own", pat_str=pattern, mergeable_ranks=ranks, special_tokens=special)

    with open(f"{resources}/own_gpt2_style/vectors.json", encoding="utf-8") as file:
        texts = [vector["text"] for vector in json.load(file)["vectors"]] + MORE_TEXTS
    ids = {
        name: [encoding.encode(text, allowed_special="all") for text in texts]
        for name, encoding in encodings.items()
    }
    vectors = {
        "computed_with": "tiktoken " + tiktoken.__version__,
        "pattern": pattern,
        "special_tokens": special,
        "texts": texts,
        "ids": ids,
    }
    with open(f"{out}/vectors.json", "w", encoding="ascii") as file:
        json.dump(vectors, file, separators=(",", ":"))


main()
