import { useId, useRef } from 'react';
import { Icon } from '../app/Icon';
import { offlineExamples } from './examples';

/** Says that the built-in assistant answers, and what it understands. */
export function AssistantNote({ onExample }: { onExample: (text: string) => void }) {
  const id = useId();
  const popover = useRef<HTMLDivElement>(null);

  function choose(text: string) {
    popover.current?.hidePopover();
    onExample(text);
  }

  return (
    <>
      <button className="pill" type="button" popoverTarget={id} aria-label="Built-in assistant">
        <Icon name="plug" />
        <span>Built-in assistant</span>
      </button>
      <div className="menu menu-wide" id={id} popover="auto" ref={popover}>
        <h2 className="menu-name">The built-in assistant is answering</h2>
        <p className="menu-email">
          It works without the internet and understands sentences like these:
        </p>
        <ul>
          {offlineExamples.map((text) => (
            <li key={text}>
              <button className="menu-item" type="button" onClick={() => choose(text)}>
                “{text}”
              </button>
            </li>
          ))}
        </ul>
      </div>
    </>
  );
}
