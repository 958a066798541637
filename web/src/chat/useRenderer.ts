import { useEffect, useState } from 'react';
import type { Config } from '../app/config';
import { tab } from '../app/storage';
import { loadHostedElement } from './hostedScript';

const LOAD_MS = 5_000;
const READY_MS = 8_000;
const CHOICE = 'todo.ui';

/** Who draws the chat. */
export type Renderer = 'loading' | 'hosted' | 'local' | 'failed';

type Choice = {
  renderer: Renderer;
  /** To be told when the hosted element is ready. */
  onReady: () => void;
  /** Use our chat in this tab from now on. */
  useLocal: () => void;
};

/**
 * Decides who draws the chat: OpenAI's hosted element if it can, else our own.
 *
 * A hosted element can be dead although its script came (its frame is blocked, its domain key refused),
 * so it has to say that it is ready. A failure is remembered in this tab, to wait for it only once.
 */
export function useRenderer(ui: Config['ui']): Choice {
  const [renderer, setRenderer] = useState<Renderer>(() => firstChoice(ui));
  const [ready, setReady] = useState(false);

  useEffect(() => {
    if (renderer !== 'loading') return;
    let current = true;
    loadHostedElement(LOAD_MS).then((loaded) => {
      if (current) setRenderer(loaded ? 'hosted' : withoutHosted(ui));
    });
    return () => {
      current = false;
    };
  }, [renderer, ui]);

  useEffect(() => {
    if (renderer !== 'hosted' || ready) return;
    const timer = setTimeout(() => setRenderer(withoutHosted(ui)), READY_MS);
    return () => clearTimeout(timer);
  }, [renderer, ready, ui]);

  return {
    renderer,
    onReady: () => setReady(true),
    useLocal: () => {
      tab.write(CHOICE, 'local');
      setRenderer('local');
    },
  };
}

function firstChoice(ui: Config['ui']): Renderer {
  if (ui === 'local' || (ui === 'auto' && tab.read(CHOICE) === 'local')) return 'local';
  return 'loading';
}

function withoutHosted(ui: Config['ui']): Renderer {
  if (ui === 'hosted') return 'failed';
  tab.write(CHOICE, 'local');
  return 'local';
}
