import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer, json } from 'node:stream/consumers';
import type { Config } from '../../src/app/config';

const headers = JSON.parse(readFileSync('public/security-headers.json', 'utf8'));

/** What went over the line to the chat endpoint or to the auth service. */
export type Passed = { path: string; kind: string | undefined };

/**
 * The line between the browser and the stack: a proxy of the test's own that can be slow, broken or dead,
 * and that can give the page another `ui` than the stack is set to.
 */
export class Line {
  readonly passed: Passed[] = [];
  /** Milliseconds between two events of a stream. */
  pace = 0;
  /** While down, whoever calls is hung up on. */
  down = false;
  ui: Config['ui'] | undefined;
  provider: Config['assistant']['provider'] | undefined;
  #nextStatus: number | undefined;
  readonly #streams = new Set<ServerResponse>();
  readonly #server = createServer((incoming, outgoing) => this.#forward(incoming, outgoing));
  readonly #stack: URL;

  constructor(stack: string) {
    this.#stack = new URL(stack);
  }

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, 'localhost', resolve));
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Breaks off every stream that is under way. */
  cut(): void {
    for (const stream of this.#streams) stream.destroy();
  }

  /** Answers the next chat request in the stack's place. */
  refuseNext(status: number): void {
    this.#nextStatus = status;
  }

  /** How often this kind of chat request, or this path, was asked. */
  count(what: string): number {
    return this.passed.filter(({ path, kind }) => kind === what || path === what).length;
  }

  async #forward(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await buffer(incoming);
    const path = incoming.url ?? '/';
    if (this.down) {
      incoming.socket.destroy();
      return;
    }
    this.passed.push({ path, kind: kindOf(body) });
    if (this.#nextStatus && path.endsWith('/chat')) {
      outgoing
        .writeHead(this.#nextStatus, { 'Content-Type': 'application/problem+json' })
        .end('{}');
      this.#nextStatus = undefined;
      return;
    }
    const upstream = request(new URL(path, this.#stack), {
      method: incoming.method,
      headers: this.#headersOf(incoming),
    });
    outgoing.on('close', () => upstream.destroy());
    upstream.on('error', () => outgoing.destroy());
    upstream.on('response', (answer) => this.#answer(path, answer, outgoing));
    upstream.end(body);
  }

  /** Better Auth accepts its own origin alone, and the line is not to be seen. */
  #headersOf(incoming: IncomingMessage) {
    const origin = incoming.headers.origin && { origin: this.#stack.origin };
    return { ...incoming.headers, host: this.#stack.host, ...origin };
  }

  async #answer(path: string, answer: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const type = answer.headers['content-type'] ?? '';
    const policy = this.ui && type.startsWith('text/html') && this.#policy();
    if (path === '/config.json') {
      await this.#configure(answer, outgoing);
      return;
    }
    outgoing.writeHead(answer.statusCode ?? 502, { ...answer.headers, ...policy });
    if (type.startsWith('text/event-stream')) await this.#pass(answer, outgoing);
    else answer.pipe(outgoing);
  }

  #policy() {
    const mode = headers[this.ui === 'local' ? 'local' : 'hosted'];
    return { 'content-security-policy': mode['Content-Security-Policy'] };
  }

  async #configure(answer: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const config = (await json(answer)) as Config;
    if (this.ui) config.ui = this.ui;
    if (this.provider) config.assistant.provider = this.provider;
    outgoing.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(config));
  }

  /** Passes a stream on event by event, at this line's pace. */
  async #pass(answer: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    this.#streams.add(outgoing);
    let rest = '';
    answer.setEncoding('utf8');
    try {
      for await (const chunk of answer) {
        const frames = (rest + chunk).split(/(?<=\n\n)/);
        rest = frames.at(-1)?.endsWith('\n\n') ? '' : (frames.pop() ?? '');
        for (const frame of frames) {
          outgoing.write(frame);
          if (this.pace) await new Promise((resolve) => setTimeout(resolve, this.pace));
        }
      }
      outgoing.end();
    } catch {
      outgoing.destroy();
    } finally {
      this.#streams.delete(outgoing);
    }
  }
}

function kindOf(body: Buffer): string | undefined {
  try {
    return JSON.parse(body.toString()).type;
  } catch {
    return undefined;
  }
}
