import { expect, test } from 'vitest';
import { eventData } from './sse';

const documents = ['{"delta":"naïve – دودھ 🥛"}', '{"delta":"a\\nb"}', '{"type":"x","n":1}'];

test('[003/FR-023] however a stream is cut, within a character too, the same events come out', async () => {
  const bytes = new TextEncoder().encode(
    documents.map((document) => `: beat\n\ndata: ${document}\r\n\r\n`).join(''),
  );
  const random = mulberry(20261122);

  for (let round = 0; round < 300; round += 1) {
    expect(await collect(cutAtRandom(bytes, random))).toEqual(documents);
  }
});

test('[003/FR-023] comments, other fields and empty events are passed over', async () => {
  const text = ': heartbeat\n\nevent: x\nid: 3\ndata: {"a":1}\n\n\n\n:\n\ndata:{"b":\ndata: 2}\n\n';

  expect(await collect([new TextEncoder().encode(text)])).toEqual(['{"a":1}', '{"b":\n2}']);
});

test('[003/FR-029] an event that the stream did not complete is dropped', async () => {
  const text = 'data: {"a":1}\n\ndata: {"b":';

  expect(await collect([new TextEncoder().encode(text)])).toEqual(['{"a":1}']);
});

async function collect(chunks: Iterable<Uint8Array>): Promise<string[]> {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  const found = [];
  for await (const data of eventData(body)) found.push(data);
  return found;
}

function* cutAtRandom(bytes: Uint8Array, random: () => number) {
  for (let start = 0; start < bytes.length; ) {
    const end = start + 1 + Math.floor(random() * 9);
    yield bytes.slice(start, end);
    start = end;
  }
}

/** A small generator with a seed, so that a failure can be repeated. */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
