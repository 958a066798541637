import { useEffect, useState } from 'react';
import { Icon } from '../../app/Icon';

const SHOWN_MS = 2_000;

type Props = { label: string; text: string };

/** Copies a text, and says that it did. */
export function CopyButton({ label, text }: Props) {
  const [copied, setCopied] = useState(false);

  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);

  return (
    <button
      className="button-icon copy"
      type="button"
      aria-label={copied ? 'Copied' : label}
      onClick={async () => setCopied(await copy(text))}
    >
      <Icon name={copied ? 'check' : 'copy'} />
    </button>
  );
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text); // on plain http there is no clipboard object
  }
}

function copyBySelection(text: string): boolean {
  const field = document.createElement('textarea');
  const focused = document.activeElement;
  field.value = text;
  document.body.append(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return done;
}
