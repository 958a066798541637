import { eventData } from './sse';
import type { Item, Page, ServerEvent, Thread } from './types';

/** Where the endpoint is, and how to reach it. */
export type Endpoint = { url: string; fetch?: typeof fetch };

/** The answer of a server that refused or failed, in words for a person. */
export class ProtocolError extends Error {
  override name = 'ProtocolError';

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** What each request with a single answer gives back. */
type Answers = {
  'threads.get_by_id': Thread;
  'threads.list': Page<Thread>;
  'threads.update': Thread;
  'threads.delete': unknown;
  'items.list': Page<Item>;
  'threads.sync_custom_action': { updated_item?: Item | null };
};

export type StreamedRequest =
  | 'threads.create'
  | 'threads.add_user_message'
  | 'threads.retry_after_item'
  | 'threads.custom_action';

type SendOptions = { signal?: AbortSignal; idempotencyKey?: string };

/** Speaks the ChatKit protocol with one endpoint. */
export class ProtocolClient {
  readonly #endpoint: () => Endpoint;

  /** The endpoint is asked for at each request, so that it may change. */
  constructor(endpoint: () => Endpoint) {
    this.#endpoint = endpoint;
  }

  /** Sends a request that has one answer. */
  async request<T extends keyof Answers>(
    type: T,
    params: object,
    options: SendOptions = {},
  ): Promise<Answers[T]> {
    const response = await this.#post(type, params, 'application/json', options);
    return (await response.json()) as Answers[T];
  }

  /** Sends a request that is answered by events, and gives them as they come. */
  async *stream(
    type: StreamedRequest,
    params: object,
    options: SendOptions = {},
  ): AsyncGenerator<ServerEvent> {
    const response = await this.#post(type, params, 'text/event-stream', options);
    const kind = response.headers.get('Content-Type') ?? '';
    if (!response.body || !kind.startsWith('text/event-stream')) {
      throw new ProtocolError(
        502,
        'Something between this page and the server changed the answer.',
      );
    }
    for await (const data of eventData(response.body)) yield JSON.parse(data) as ServerEvent;
  }

  async #post(type: string, params: object, accept: string, options: SendOptions) {
    const endpoint = this.#endpoint();
    const send = endpoint.fetch ?? fetch;
    const headers = new Headers({ 'Content-Type': 'application/json', Accept: accept });
    if (options.idempotencyKey) headers.set('Idempotency-Key', options.idempotencyKey);
    const response = await send(endpoint.url, {
      method: 'POST',
      headers,
      body: JSON.stringify({ type, params }),
      signal: options.signal ?? null,
    });
    if (!response.ok) throw await refusal(response);
    return response;
  }
}

async function refusal(response: Response): Promise<ProtocolError> {
  const problem = (await response.json().catch(() => null)) as { detail?: unknown } | null;
  const detail = typeof problem?.detail === 'string' ? problem.detail : undefined;
  return new ProtocolError(response.status, detail ?? defaultMessage(response.status));
}

function defaultMessage(status: number): string {
  if (status === 401 || status === 403) return 'The server does not accept this sign-in.';
  if (status === 404) return 'This is no longer there.';
  if (status === 413 || status === 422) return 'The server cannot work with this message.';
  if (status === 429) return 'That was too much at once. Wait a moment and try again.';
  return `The server has a problem (${status}). Try again in a moment.`;
}
