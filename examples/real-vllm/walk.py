#!/usr/bin/env python3
"""Plays a walk-through and multi-turn conversations through Warmpath's proxy, and judges it by the engines' own usage.

Needs the standard library only, a running proxy, the file that the proxy's stdout goes to, and the engines behind it.
Works with real vLLM (run.sh starts it) and with the simulated engines of examples/fleet. Exits with 1 if the
walk-through does not hold, or if less comes out of the caches under Warmpath than under round robin.
"""
import argparse
import datetime
import http.client
import importlib.metadata
import json
import os
import platform
import queue
import random
import re
import statistics
import subprocess
import sys
import threading
import time
import urllib.parse

REQUEST_LIMIT = 300  # seconds without a byte, before a request has failed
EVENT_LIMIT = 10  # seconds for a score line or a KV event to arrive
SCORES = "Got pod scores "
# The prompt of the walk-through; some 190 words.
LIBRARY = (
    "A library keeps its books on many floors, and the clerk at the desk sends each reader to one of them. Every floor "
    "can fetch every book from the cellar, but fetching takes long, and a book that lies on a table is in the hand at "
    "once. ") * 3 + (
    "So a good clerk remembers which floor has which books on its tables, and how many readers wait there already. "
    "A clerk who only counts the readers sends them to the shortest queue, where the cellar is asked again and again. ")
WORDS = (
    "the of and to in is that for it as with on by at from this be are or an which one all would there their when who "
    "will more no if out so said what up its about into than them can only other new some could time these two may then "
    "do first any my now such like our over man me even most made after also did many before must through back years "
    "where much your way well down should because each just those people how too little state good very make world still "
    "see own work long here get both between life being under never day same another know while last might us great old "
    "year off come since against go came right used take three server client request cache block prefix router engine "
    "queue memory token answer naïve café Straße 서울 東京 π≈3.14159 #42 x86_64 foo_bar() https 1,024 50% e.g. I'm don't"
).split()


class Failed(Exception):
    """What the walk-through promised and did not hold."""


# --- asking ----------------------------------------------------------------------------------------------------------


def call(url, method, path, body=None, headers=None):
    """Sends a request and returns the open connection and its answer."""
    address = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=REQUEST_LIMIT)
    connection.request(method, path, body, headers or {})
    return connection, connection.getresponse()


def get(url, path):
    connection, answer = call(url, "GET", path)
    text = answer.read().decode()
    connection.close()
    if answer.status != 200:
        raise Failed(f"GET {url}{path} was answered {answer.status}: {text[:300]}")
    return text


def ask(url, model, messages, max_tokens, stream=False):
    """One chat completion: its text, usage, times in seconds, and what the proxy says about it in headers."""
    body = {"model": model, "messages": messages, "max_tokens": max_tokens, "temperature": 0, "ignore_eos": True}
    if stream:
        body.update(stream=True, stream_options={"include_usage": True})
    started = time.perf_counter()
    connection, answer = call(
        url, "POST", "/v1/chat/completions", json.dumps(body).encode(), {"content-type": "application/json"})
    first, text, usage = None, [], None
    try:
        if answer.status != 200:
            raise Failed(f"{url} answered {answer.status}: {answer.read().decode()[:300]}")
        if stream:
            for line in iter(answer.readline, b""):
                if not line.startswith(b"data: {"):
                    continue
                first = first or time.perf_counter()
                chunk = json.loads(line[6:])
                if "error" in chunk:
                    raise Failed(f"{url} ended a stream with {chunk}")
                text += [choice["delta"].get("content") or "" for choice in chunk["choices"]]
                usage = chunk.get("usage") or usage
        else:
            whole = json.loads(answer.read())
            text.append(whole["choices"][0]["message"]["content"] or "")
            usage = whole["usage"]
    finally:
        connection.close()
    if usage is None:
        raise Failed(f"{url} told no usage")
    return {
        "id": answer.headers.get("x-request-id"),
        "endpoint": answer.headers.get("x-warmpath-endpoint") or urllib.parse.urlsplit(url).netloc,
        "text": "".join(text),
        "usage": usage,
        "prompt_tokens": usage["prompt_tokens"],
        "cached_tokens": (usage.get("prompt_tokens_details") or {}).get("cached_tokens") or 0,
        "started": started,
        "first": first,
        "ended": time.perf_counter(),
    }


def score_line(log, request_id):
    """The line that the proxy printed for a request; it may come a little after the answer."""
    deadline = time.monotonic() + EVENT_LIMIT
    while True:
        with open(log, encoding="utf-8") as lines:
            for line in lines:
                if line.startswith(SCORES) and line.endswith("\n"):
                    if json.loads(line[len(SCORES):])["x-request-id"] == request_id:
                        return line.strip()
        if time.monotonic() > deadline:
            raise Failed(f"the proxy printed no scores for request {request_id} into {log}")
        time.sleep(0.1)


def predicted_blocks(line, endpoint):
    """The blocks that a score line promises at an endpoint."""
    return (json.loads(line[len(SCORES):])["scores"] or {}).get(endpoint, 0)


def counters(engine):
    """An engine's own count of prompt tokens looked up and found, of first tokens, and its block size."""
    page = get(engine, "/metrics")

    def total(name):
        return sum(float(value) for value in re.findall(rf"^vllm:{name}(?:{{.*}})? (\S+)$", page, re.M))

    block_size = re.search(r'^vllm:cache_config_info{.*\bblock_size="(\d+)"', page, re.M)
    blocks = re.search(r'^vllm:cache_config_info{.*\bnum_gpu_blocks="(\d+)"', page, re.M)
    if not block_size:
        raise Failed(f"{engine}/metrics tells no block size")
    return {
        "queries": total("prefix_cache_queries_total"),
        "hits": total("prefix_cache_hits_total"),
        "ttft_seconds": total("time_to_first_token_seconds_sum"),
        "ttft_count": total("time_to_first_token_seconds_count"),
        "block_size": int(block_size[1]),
        "blocks": int(blocks[1]) if blocks else None,
    }


def events(proxy):
    """The proxy's count of blocks that KV events announced and took back."""
    return json.loads(get(proxy, "/stats"))["router"]["events"]


def event_wait(proxy, stored_before):
    """Waits until KV events have announced more blocks, and no more come for a moment."""
    deadline = time.monotonic() + EVENT_LIMIT
    last = stored_before
    while time.monotonic() < deadline:
        time.sleep(0.3)
        stored = events(proxy)["stored"]
        if stored > stored_before and stored == last:
            return
        last = stored
    raise Failed(f"no KV event reached the proxy within {EVENT_LIMIT} s; see {proxy}/stats")


# --- the walk-through -------------------------------------------------------------------------------------------------


def walk_through(options, block_size):
    """Null, then a hit, then a streamed hit; then for each engine a prompt that only its KV events can have told."""
    steps = []

    def step(what, prompt, stream, expected):
        answer = ask(options.proxy, options.model, [{"role": "user", "content": prompt}], 8, stream)
        line = score_line(options.score_log, answer["id"])
        predicted = predicted_blocks(line, answer["endpoint"]) * block_size
        steps.append({
            "step": what, "decision": line, "endpoint": answer["endpoint"], "usage": answer["usage"],
            "predictedTokens": predicted, "cachedTokens": answer["cached_tokens"],
        })
        print(f"\n{what}\n  {line}\n  answered by {answer['endpoint']}; its usage: cached_tokens "
              f"{answer['cached_tokens']} of prompt_tokens {answer['prompt_tokens']}; predicted {predicted}")
        if expected is None:
            if json.loads(line[len(SCORES):])["scores"] is not None:
                raise Failed(f"{what}: somebody has a block of a prompt that nobody has seen")
        elif answer["endpoint"] != expected:
            raise Failed(f"{what}: {answer['endpoint']} answered, not {expected}")
        elif predicted == 0:
            raise Failed(f"{what}: no hit")
        if abs(answer["cached_tokens"] - predicted) > block_size:
            raise Failed(f"{what}: prediction and engine are more than one block of {block_size} tokens apart")
        return answer["endpoint"]

    try:
        pod = step(f"1. a prompt of {len(LIBRARY.split())} words, for the first time", LIBRARY, False, None)
        step("2. the same prompt", LIBRARY, False, pod)
        step("3. the same prompt, streamed", LIBRARY, True, pod)
        for number, engine in enumerate(options.engine, 1):
            prompt = f"Engine {number} alone has read this. " + LIBRARY
            stored = events(options.proxy)["stored"]
            ask(engine, options.model, [{"role": "user", "content": prompt}], 8)
            event_wait(options.proxy, stored)
            step(f"{3 + number}. a prompt that only engine {number} has read: its KV events have told", prompt, False,
                 urllib.parse.urlsplit(engine).netloc)
    except Failed as failure:
        return {"holds": False, "failure": str(failure), "steps": steps}
    return {"holds": True, "steps": steps}


# --- the conversations ------------------------------------------------------------------------------------------------


def make_conversations(options, salt, count):
    """Conversations that share system prompts; the same for every salt, but for the salt at their beginning."""
    chance = random.Random(options.seed)

    def words(count):
        return " ".join(chance.choice(WORDS) for _ in range(count))

    prompts = [f"[{salt} {i}] {words(options.prompt_words)}" for i in range(options.prompts)]
    return [
        {
            "number": number,
            "prompt": chance.randrange(options.prompts),
            "questions": [words(chance.randint(40, 120)) for _ in range(chance.randint(3, 5))],
        }
        for number in range(count)
    ], prompts


def play(options, name, count, target):
    """Plays conversations; `target(i)` is where request i goes. Up to `open` at a time, turn by turn in a ring."""
    conversations, prompts = make_conversations(options, name, count)
    waiting = iter(conversations)
    ring = queue.Queue()
    lock = threading.Lock()
    rows, failures, sent = [], [], 0

    def admit():
        conversation = next(waiting, None)
        if conversation:
            ring.put({**conversation, "turn": 0,
                      "messages": [{"role": "system", "content": prompts[conversation["prompt"]]}]})

    def client():
        nonlocal sent
        while not failures:
            try:
                conversation = ring.get(timeout=0.2)
            except queue.Empty:
                if len(rows) == turns:
                    return
                continue
            conversation["messages"].append(
                {"role": "user", "content": conversation["questions"][conversation["turn"]]})
            with lock:
                url = target(sent)
                sent += 1
            try:
                answer = ask(url, options.model, conversation["messages"], options.answer_tokens, stream=True)
            except (Failed, OSError, http.client.HTTPException, ValueError) as failure:
                failures.append(f"{type(failure).__name__}: {failure}")
                return
            conversation["messages"].append({"role": "assistant", "content": answer.pop("text")})
            conversation["turn"] += 1
            with lock:
                if conversation["turn"] < len(conversation["questions"]):
                    ring.put(conversation)
                else:
                    admit()
                rows.append({**answer, "conversation": conversation["number"], "turn": conversation["turn"],
                             "prompt": conversation["prompt"]})

    turns = sum(len(conversation["questions"]) for conversation in conversations)
    for _ in range(options.open):
        admit()
    clients = [threading.Thread(target=client, daemon=True) for _ in range(options.clients)]
    for thread in clients:
        thread.start()
    for thread in clients:
        thread.join()
    if failures:
        raise Failed(f"{name}: {failures[0]}")
    return rows


def measure(options, name, target):
    """Plays the conversations on empty caches: what came out of the caches, by usage and by the engines' counters."""
    for engine in options.engine:
        # Not every engine can; the salt alone already keeps one run's prompts from another's caches.
        connection, answer = call(engine, "POST", "/reset_prefix_cache")
        answer.read()
        connection.close()
    before = [counters(engine) for engine in options.engine]
    events_before = events(options.proxy)
    began = time.perf_counter()
    rows = play(options, name, options.conversations, target)
    took = time.perf_counter() - began
    time.sleep(1)  # for the engines' last counts
    after = [counters(engine) for engine in options.engine]
    events_after = events(options.proxy)
    grown = {key: sum(a[key] - b[key] for a, b in zip(after, before))
             for key in ("queries", "hits", "ttft_seconds", "ttft_count")}
    prompt_tokens = sum(row["prompt_tokens"] for row in rows)
    cached_tokens = sum(row["cached_tokens"] for row in rows)
    ttft = [(row["first"] - row["started"]) * 1000 for row in rows]
    return rows, {
        "requests": len(rows),
        "promptTokens": prompt_tokens,
        "cachedTokens": cached_tokens,
        "cachedShare": round(cached_tokens / prompt_tokens, 4),
        "engineCounters": {
            "queries": int(grown["queries"]), "hits": int(grown["hits"]),
            "share": round(grown["hits"] / max(grown["queries"], 1), 4),
            "ttftMillisMean": round(grown["ttft_seconds"] * 1000 / max(grown["ttft_count"], 1), 1)},
        "ttftMillis": {"mean": round(statistics.mean(ttft), 1), "p50": round(statistics.median(ttft), 1)},
        "requestsPerEngine": {
            pod: sum(row["endpoint"] == pod for row in rows) for pod in sorted({row["endpoint"] for row in rows})},
        "kvEvents": {key: events_after[key] - events_before[key] for key in ("stored", "removed")},
        "seconds": round(took, 1),
    }


def predict(options, rows, block_size):
    """Adds to each row what the proxy predicted for it, and counts how often the engine agreed."""
    with open(options.score_log, encoding="utf-8") as log:
        lines = {json.loads(line[len(SCORES):])["x-request-id"]: line for line in log if line.startswith(SCORES)}
    apart = []
    for row in rows:
        if row["id"] not in lines:
            raise Failed(f"the proxy printed no scores for request {row['id']}")
        row["predicted_tokens"] = predicted_blocks(lines[row["id"]], row["endpoint"]) * block_size
        difference = row["cached_tokens"] - row["predicted_tokens"]
        if abs(difference) > block_size:
            # A routed prompt counts as cached before the engine has read it; of two at once, either may get there first.
            at_once = any(
                other is not row and other["endpoint"] == row["endpoint"] and other["prompt"] == row["prompt"]
                and other["started"] < row["first"] and row["started"] < other["first"] for other in rows)
            apart.append({
                "conversation": row["conversation"], "turn": row["turn"], "predictedTokens": row["predicted_tokens"],
                "cachedTokens": row["cached_tokens"],
                "reason": "another request with this system prompt was waiting for its first token at the same engine"
                          if at_once else "unknown"})
    exact = sum(row["cached_tokens"] == row["predicted_tokens"] for row in rows)
    return {
        "requests": len(rows), "equal": exact, "withinOneBlock": len(rows) - len(apart) - exact,
        "engineHadMore": sum(item["cachedTokens"] > item["predictedTokens"] for item in apart),
        "engineHadLess": sum(item["cachedTokens"] < item["predictedTokens"] for item in apart),
        "apart": apart,
    }


# --- the report -------------------------------------------------------------------------------------------------------


def first_line(*command):
    try:
        ended = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
        return ((ended.stdout or ended.stderr).splitlines() or [None])[0]
    except OSError:
        return None


def version(distribution):
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return None


def machine():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), None)
    except OSError:
        model = platform.processor()
    return {"cpu": model, "cores": os.cpu_count(), "memoryGiB": round(
        os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1), "system": platform.platform(),
        "load": round(os.getloadavg()[0], 1)}


def to_json(value, indent=""):
    """JSON with everything on one line that fits on one."""
    flat = json.dumps(value, ensure_ascii=False)
    if len(indent) + len(flat) <= 150 or not isinstance(value, (dict, list)):
        return flat
    inner = indent + "  "
    if isinstance(value, dict):
        items = [f"{inner}{json.dumps(key)}: {to_json(item, inner)}" for key, item in value.items()]
    else:
        items = [inner + to_json(item, inner) for item in value]
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return opening + "\n" + ",\n".join(items) + "\n" + indent + closing


def row_json(row):
    return [row["conversation"], row["turn"], row["endpoint"], row["prompt_tokens"], row["cached_tokens"],
            row.get("predicted_tokens"), round((row["first"] - row["started"]) * 1000, 1)]


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--proxy", required=True, metavar="URL")
    parser.add_argument("--score-log", required=True, metavar="FILE", help="where the proxy's stdout goes to")
    parser.add_argument("--engine", required=True, action="append", metavar="URL", help="repeat it for each engine")
    parser.add_argument("--model", required=True)
    parser.add_argument("--out", required=True, metavar="FILE", help="the JSON to write")
    parser.add_argument("--command", help="the command to name in the JSON")
    parser.add_argument("--commit", help="the commit to name in the JSON")
    parser.add_argument("--warmpath", metavar="VERSION", help="the version to name in the JSON")
    parser.add_argument("--conversations", type=int, default=30, metavar="N")
    parser.add_argument("--open", type=int, default=10, metavar="N", help="conversations under way at a time (10)")
    parser.add_argument("--clients", type=int, default=4, metavar="N", help="requests under way at a time (4)")
    parser.add_argument("--prompts", type=int, default=6, metavar="N", help="shared system prompts (6)")
    parser.add_argument("--prompt-words", type=int, default=1000, metavar="N", help="words in each of them (1000)")
    parser.add_argument("--answer-tokens", type=int, default=24, metavar="N")
    parser.add_argument("--seed", type=int, default=7)
    return parser.parse_args()


def main():
    options = parse()
    setup = counters(options.engine[0])
    block_size = setup["block_size"]
    report = {
        "what": "Warmpath's proxy in front of real engines, judged by their own usage; by examples/real-vllm",
        "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "command": options.command, "commit": options.commit,
        "versions": {
            "vllm": json.loads(get(options.engine[0], "/version")).get("version"), "torch": version("torch"),
            "transformers": version("transformers"), "python": platform.python_version(),
            "jdk": first_line("java", "-version"), "warmpath": options.warmpath},
        "machine": machine(),
        "engines": {"count": len(options.engine), "blockSize": block_size, "blocksEach": setup["blocks"]},
    }
    report["walkThrough"] = walk_through(options, block_size)
    failure = report["walkThrough"].get("failure")
    if not failure:
        try:
            failure = compare(options, block_size, report)
        except (Failed, OSError) as problem:
            failure = str(problem)
    report["failure"] = failure
    with open(options.out, "w", encoding="utf-8") as out:
        out.write(to_json(report) + "\n")
    print(f"\nwritten: {options.out}")
    if failure:
        print(f"walk.py: {failure}", file=sys.stderr)
    return 1 if failure else 0


def compare(options, block_size, report):
    """The conversations under both policies; returns what is wrong with the outcome, or None."""
    print(f"\n{options.conversations} conversations, first through Warmpath, then round robin …", flush=True)
    play(options, "warm-up", min(4, options.conversations), lambda i: options.proxy)
    ours, warmpath = measure(options, "warmpath", lambda i: options.proxy)
    agreement = predict(options, ours, block_size)
    # Straight to the engines, without a proxy on the way: what round robin costs is its placement alone.
    theirs, round_robin = measure(options, "round robin", lambda i: options.engine[i % len(options.engine)])
    report["conversations"] = {
        "workload": {key: getattr(options, key) for key in (
            "conversations", "open", "clients", "prompts", "prompt_words", "answer_tokens", "seed")},
        "warmpath": warmpath, "roundRobin": round_robin,
    }
    report["agreement"] = agreement
    report["columns"] = ["conversation", "turn", "engine", "promptTokens", "cachedTokens", "predictedTokens", "ttftMillis"]
    report["warmpathRequests"] = [row_json(row) for row in ours]
    report["roundRobinRequests"] = [row_json(row) for row in theirs]
    print(f"{'policy':12} {'requests':>8} {'prompt tokens':>13} {'cached':>8} {'share':>7} {'engines say':>11} "
          f"{'evicted':>8} {'TTFT mean':>10} {'p50':>7} {'engines say':>11}")
    for name, leg in (("warmpath", warmpath), ("round robin", round_robin)):
        own, ttft = leg["engineCounters"], leg["ttftMillis"]
        print(f"{name:12} {leg['requests']:8} {leg['promptTokens']:13} {leg['cachedTokens']:8} {leg['cachedShare']:7.1%} "
              f"{own['share']:11.1%} {leg['kvEvents']['removed']:8} {ttft['mean']:10.0f} {ttft['p50']:7.0f} "
              f"{own['ttftMillisMean']:11.0f}")
    print("TTFT in ms at the client, for Warmpath with the proxy's hop; the engines' own mean is from their door on.")
    print(f"Predicted and cached tokens of {agreement['requests']} requests: equal in {agreement['equal']}, within one "
          f"block in {agreement['withinOneBlock']} more; else the engine had more in {agreement['engineHadMore']}, less "
          f"in {agreement['engineHadLess']}.")
    if warmpath["cachedShare"] <= round_robin["cachedShare"]:
        return "no more came out of the caches under Warmpath than under round robin"
    return None


if __name__ == "__main__":
    sys.exit(main())
