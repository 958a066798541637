import { useCallback, useEffect, useState } from 'react';
import type { ProtocolClient } from './protocol/client';
import { asError, reason } from './protocol/failures';
import type { Thread } from './protocol/types';

const PAGE = 30;

export type History = {
  threads: readonly Thread[];
  state: 'loading' | 'ready' | 'failed';
  problem: string | null;
  hasMore: boolean;
  titleOf: (thread: Thread | null) => string | undefined;
  load: () => Promise<boolean>;
  loadMore: () => Promise<boolean>;
  rename: (thread: Thread, title: string) => Promise<boolean>;
  remove: (thread: Thread) => Promise<boolean>;
  /** Puts a conversation first, because something is said in it now. */
  toTop: (thread: Thread) => void;
};

/** The list of conversations, newest first; `current` is the one that is open and may be new. */
export function useHistory(client: ProtocolClient, current: Thread | null): History {
  const [threads, setThreads] = useState<readonly Thread[]>([]);
  const [after, setAfter] = useState<string | null>(null);
  const [state, setState] = useState<History['state']>('loading');
  const [problem, setProblem] = useState<string | null>(null);

  /** Runs a change and says whether it worked; what goes wrong is shown, and nothing is thrown. */
  const attempt = useCallback(async (change: () => Promise<void>) => {
    setProblem(null);
    try {
      await change();
      setState('ready');
      return true;
    } catch (thrown) {
      setProblem(reason(asError(thrown)));
      setState((before) => (before === 'loading' ? 'failed' : before));
      return false;
    }
  }, []);

  const fetchPage = useCallback(
    async (from: string | null) => {
      const params = { limit: PAGE, order: 'desc', ...(from && { after: from }) };
      const page = await client.request('threads.list', params);
      setThreads((before) => (from ? [...before, ...page.data] : page.data));
      setAfter(page.has_more ? (page.after ?? page.data.at(-1)?.id ?? null) : null);
    },
    [client],
  );
  const load = useCallback(() => attempt(() => fetchPage(null)), [attempt, fetchPage]);

  useEffect(() => {
    load();
  }, [load]);

  useEffect(() => {
    if (current) setThreads((before) => withThread(before, current));
  }, [current]);

  return {
    threads,
    state,
    problem,
    hasMore: after !== null,
    titleOf: (thread) => (threads.find(({ id }) => id === thread?.id) ?? thread)?.title,
    load,
    loadMore: () => attempt(() => fetchPage(after)),
    rename: (thread, title) =>
      attempt(async () => {
        const renamed = await client.request('threads.update', { thread_id: thread.id, title });
        setThreads((before) => withThread(before, renamed));
      }),
    remove: (thread) =>
      attempt(async () => {
        await client.request('threads.delete', { thread_id: thread.id });
        setThreads((before) => without(before, thread));
      }),
    toTop: (thread) =>
      setThreads((before) => [
        before.find(({ id }) => id === thread.id) ?? thread,
        ...without(before, thread),
      ]),
  };
}

function withThread(threads: readonly Thread[], thread: Thread): readonly Thread[] {
  const index = threads.findIndex(({ id }) => id === thread.id);
  return index < 0 ? [thread, ...threads] : threads.with(index, thread);
}

function without(threads: readonly Thread[], thread: Thread): readonly Thread[] {
  return threads.filter(({ id }) => id !== thread.id);
}
