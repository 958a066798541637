import type { StartScreenOption, StartScreenPrompt } from '@openai/chatkit';
import { Icon, isIconName } from '../../app/Icon';
import { Logo } from '../../app/Logo';
import './styles/start.css';

type Props = { screen: StartScreenOption | undefined; onSend: (text: string) => void };

/** An empty conversation: a greeting and sentences to start with. */
export function StartScreen({ screen, onSend }: Props) {
  return (
    <section className="start">
      <Logo />
      <h2>{screen?.greeting ?? 'What can I help with today?'}</h2>
      <ul className="start-prompts">
        {screen?.prompts?.map((prompt) => (
          <li key={prompt.label}>
            <button type="button" onClick={() => onSend(textOf(prompt))}>
              {prompt.icon && isIconName(prompt.icon) && <Icon name={prompt.icon} />}
              {prompt.label}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function textOf({ prompt }: StartScreenPrompt): string {
  return typeof prompt === 'string' ? prompt : prompt.map(({ text }) => text).join('');
}
