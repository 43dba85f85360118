"""Talks to the proxy at the address given as OpenAI's own client does, and prints what it got."""

import sys

import openai

client = openai.OpenAI(base_url=sys.argv[1], api_key="none", max_retries=0, timeout=20)
messages = [{"role": "user", "content": "안녕"}]

print("models", *[model.id for model in client.models.list()])

whole = client.chat.completions.create(model="m", messages=messages)
print(f"whole {whole.choices[0].message.content}, prompt tokens {whole.usage.prompt_tokens}")

stream = client.chat.completions.create(model="m", messages=messages, stream=True)
print("streamed", "".join(chunk.choices[0].delta.content or "" for chunk in stream))

try:
    client.embeddings.create(model="m", input="a")
except openai.NotFoundError as e:
    print("missing", e.status_code, e.type)

try:
    client.chat.completions.create(model="m", messages=7)
except openai.BadRequestError as e:
    print("bad", e.status_code, e.param)
