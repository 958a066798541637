import type { ServerEvent } from '../chat/local/protocol/types';

export type SeenRequest = {
  type: string;
  params: Record<string, unknown>;
  headers: Headers;
  signal: AbortSignal | null;
};

type Answer = (request: SeenRequest) => Response | Promise<Response>;

/** A `fetch` whose answers are written down beforehand, and which remembers what it was asked. */
export class ScriptedServer {
  readonly seen: SeenRequest[] = [];
  readonly #answers = new Map<string, Answer[]>();

  /** The next answers to a kind of request, in order; the last one is given for ever. */
  on(type: string, ...answers: Answer[]): this {
    this.#answers.set(type, answers);
    return this;
  }

  /** What was asked with this kind of request. */
  asked(type: string): SeenRequest[] {
    return this.seen.filter((request) => request.type === type);
  }

  readonly fetch: typeof fetch = async (_url, init) => {
    const { type, params } = JSON.parse(String(init?.body));
    const request = {
      type,
      params,
      headers: new Headers(init?.headers),
      signal: init?.signal ?? null,
    };
    this.seen.push(request);
    const answers = this.#answers.get(type) ?? [];
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (!answer) throw new Error(`Nobody told what to answer to ${type}.`);
    return answer(request);
  };
}

/** One JSON document. */
export function json(body: unknown, status = 200): Answer {
  return () => Response.json(body, { status });
}

/** A stream of events that ends in order. */
export function events(...list: ServerEvent[]): Answer {
  return () => {
    const stream = openStream();
    stream.send(...list);
    stream.end();
    return stream.response;
  };
}

/** What a browser's fetch does when nobody is there. */
export function nobody(): Answer {
  return () => Promise.reject(new TypeError('Failed to fetch'));
}

/** A stream that the test goes on writing to. */
export function openStream() {
  const encoder = new TextEncoder();
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>({
    start(given) {
      controller = given;
    },
  });
  return {
    response: new Response(body, { headers: { 'Content-Type': 'text/event-stream' } }),
    send(...list: ServerEvent[]) {
      for (const event of list) {
        controller?.enqueue(encoder.encode(`data: ${JSON.stringify(event)}\n\n`));
      }
    },
    end: () => controller?.close(),
    breakOff: () => controller?.error(new TypeError('network error')),
  };
}
