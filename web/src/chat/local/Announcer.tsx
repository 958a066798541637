import { useEffect, useState } from 'react';
import type { Conversation } from './protocol/conversation';
import { textOf } from './protocol/types';

/** Tells assistive technology each answer once, when it is complete. */
export function Announcer({ conversation }: { conversation: Conversation }) {
  const { phase, items } = conversation;
  const [spoken, setSpoken] = useState('');
  const [wasAnswering, setWasAnswering] = useState(false);
  const answering = phase === 'answering';

  useEffect(() => {
    setWasAnswering(answering);
    if (answering || !wasAnswering) return;
    const from = items.findLastIndex((item) => item.type === 'user_message') + 1;
    setSpoken(items.slice(from).map(textOf).filter(Boolean).join('\n'));
  }, [answering, wasAnswering, items]);

  return (
    <div className="visually-hidden" aria-live="polite" dir="auto">
      {answering ? '' : spoken}
    </div>
  );
}
