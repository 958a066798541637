import type { ChatKitControl } from '@openai/chatkit-react';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { type Endpoint, ProtocolClient } from './protocol/client';
import type { Conversation } from './protocol/conversation';
import { ChatSession } from './protocol/session';
import { useLatest } from './useLatest';

type OpenSession = { client: ProtocolClient; session: ChatSession; conversation: Conversation };

/** The session behind the page: opened with the control's options, told to its handlers. */
export function useChatSession(
  control: ChatKitControl,
  onReturned: (text: string) => void,
): OpenSession {
  const latest = useLatest({ control, onReturned });

  const [client] = useState(() => new ProtocolClient(() => endpointOf(latest.current.control)));
  const [session] = useState(() => {
    const handlers = () => latest.current.control.handlers;
    return new ChatSession(client, {
      onThreadChange: (threadId) => handlers().onThreadChange?.({ threadId }),
      onResponse: (state) =>
        state === 'start' ? handlers().onResponseStart?.() : handlers().onResponseEnd?.(),
      onEffect: (name, data) => handlers().onEffect?.({ name, ...(data && { data }) }),
      onError: (error) => handlers().onError?.({ error }),
      onReturned: (text) => latest.current.onReturned(text),
    });
  });
  const conversation = useSyncExternalStore(session.subscribe, session.snapshot);

  useEffect(() => {
    session.open(latest.current.control.options.initialThread ?? null);
    latest.current.control.handlers.onReady?.();
    return session.close;
  }, [session, latest]);

  return { client, session, conversation };
}

function endpointOf({ options }: ChatKitControl): Endpoint {
  if ('url' in options.api) return options.api;
  throw new Error('Our chat needs an endpoint of its own: options.api.url.');
}
