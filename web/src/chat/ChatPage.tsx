import { useEffect, useState } from 'react';
import { type Config, loadConfig } from '../app/config';
import { Splash } from '../app/Splash';
import type { User } from '../auth/useAccount';
import { Chat } from './Chat';

type Props = { user: User; onSessionEnded: () => void; onSignOut: () => void };

/** The chat of one person, once it is known how this server wants it. */
export function ChatPage(props: Props) {
  const [config, setConfig] = useState<Config | null>(null);

  useEffect(() => {
    loadConfig().then(setConfig);
  }, []);

  return config ? <Chat config={config} {...props} /> : <Splash />;
}
