import type { UseChatKitOptions } from '@openai/chatkit-react';
import type { Config } from '../app/config';
import { startPrompts } from './examples';

type Setting = {
  userId: string;
  config: Config;
  fetchAsUser: typeof fetch;
  colorScheme: 'light' | 'dark';
  initialThread: string | null;
};

/** The one configuration of the chat, for the hosted element and for ours. */
export function chatOptions(setting: Setting): UseChatKitOptions {
  const { userId, config, fetchAsUser, colorScheme, initialThread } = setting;
  return {
    api: {
      url: `/api/${encodeURIComponent(userId)}/chat`,
      domainKey: config.domainKey || 'local-dev', // the hosted element refuses an empty one
      fetch: fetchAsUser,
    },
    frameTitle: 'Chat',
    initialThread,
    theme: {
      colorScheme,
      radius: 'round',
      color: { accent: { primary: colorScheme === 'dark' ? '#5cc9b2' : '#0f6b5c', level: 2 } },
    },
    history: { enabled: true, showDelete: true, showRename: true },
    startScreen: { greeting: 'What do you need to get done?', prompts: startPrompts },
    composer: {
      placeholder: 'Add, find or finish a task…',
      attachments: { enabled: false },
      dictation: { enabled: false },
    },
    // A finished answer is not asked for again: the turn behind it may have changed tasks.
    threadItemActions: { feedback: false, retry: false },
    thread: { autoScroll: true },
    disclaimer: { text: disclaimer(config) },
  };
}

function disclaimer({ assistant }: Config): string {
  if (assistant.provider === 'offline') {
    return 'The built-in assistant answers, without the internet. It understands simple sentences.';
  }
  return 'The assistant can make mistakes. Your list shows what it really did.';
}
