import { type FormEvent, useMemo, useState } from 'react';
import { sessionFetch } from '../auth/client';

type Turn = { id: number; who: 'you' | 'assistant'; text: string };
type Answer = { conversation_id: number; response: string };

/** A chat over the JSON contract: one sentence out, one answer back. */
export function PlainChat({ userId }: { userId: string }) {
  const fetchAsUser = useMemo(sessionFetch, []);
  const [turns, setTurns] = useState<Turn[]>([]);
  const [conversation, setConversation] = useState<number>();
  const [draft, setDraft] = useState('');
  const [pending, setPending] = useState(false);
  const say = (who: Turn['who'], text: string) =>
    setTurns((all) => [...all, { id: all.length, who, text }]);

  async function send(event: FormEvent) {
    event.preventDefault();
    const message = draft.trim();
    if (!message) return;
    say('you', message);
    setDraft('');
    setPending(true);
    try {
      const response = await fetchAsUser(`/api/${encodeURIComponent(userId)}/chat`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ conversation_id: conversation, message }),
      });
      if (!response.ok) throw new Error(`The server answered ${response.status}.`);
      const answer = (await response.json()) as Answer;
      setConversation(answer.conversation_id);
      say('assistant', answer.response);
    } catch (error) {
      say('assistant', error instanceof Error ? error.message : String(error));
    } finally {
      setPending(false);
    }
  }

  return (
    <section className="plain-chat" aria-label="Chat">
      <ol aria-live="polite">
        {turns.map((turn) => (
          <li key={turn.id} data-who={turn.who} dir="auto">
            {turn.text}
          </li>
        ))}
        {pending && <li>…</li>}
      </ol>
      <form onSubmit={send}>
        <input
          value={draft}
          onChange={(event) => setDraft(event.target.value)}
          aria-label="Message"
          placeholder="Add, find or finish a task…"
          dir="auto"
        />
        <button type="submit" disabled={pending}>
          Send
        </button>
      </form>
    </section>
  );
}
