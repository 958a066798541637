import type { OpenAIChatKit } from '@openai/chatkit';
import type { ChatKitControl } from '@openai/chatkit-react';
import { type RefObject, useEffect } from 'react';
import type { ComposerHandle } from './Composer';
import type { ChatSession } from './protocol/session';
import { useLatest } from './useLatest';

type Parts = {
  session: ChatSession;
  composer: RefObject<ComposerHandle | null>;
  setDraft: (text: string) => void;
  setDrawerOpen: (open: boolean) => void;
};

type Methods = Pick<
  OpenAIChatKit,
  | 'focusComposer'
  | 'setThreadId'
  | 'sendUserMessage'
  | 'setComposerValue'
  | 'fetchUpdates'
  | 'sendCustomAction'
  | 'showHistory'
  | 'hideHistory'
>;

/** Lets the methods of `useChatKit` work on our chat. */
export function useControlInstance(control: ChatKitControl, parts: Parts): void {
  const latest = useLatest(parts);
  const { setInstance } = control;

  useEffect(() => {
    const methods: Methods = {
      focusComposer: async () => latest.current.composer.current?.focus(),
      setThreadId: (threadId) => latest.current.session.open(threadId),
      sendUserMessage: async ({ text, newThread }) => {
        const { session } = latest.current;
        if (newThread) await session.open(null);
        await session.send(text ?? '');
      },
      setComposerValue: async ({ text }) => latest.current.setDraft(text ?? ''),
      fetchUpdates: () => latest.current.session.refresh(),
      sendCustomAction: (action, itemId) => latest.current.session.act(action, itemId),
      showHistory: async () => latest.current.setDrawerOpen(true),
      hideHistory: async () => latest.current.setDrawerOpen(false),
    };
    setInstance(methods as OpenAIChatKit); // of the element, useChatKit calls nothing but these
    return () => setInstance(null);
  }, [setInstance, latest]);
}
