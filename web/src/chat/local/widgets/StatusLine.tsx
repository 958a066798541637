import type { Widgets } from '@openai/chatkit';
import { Icon, isIconName } from '../../../app/Icon';

type Props = { status: NonNullable<Widgets.Card['status']> };

/** The line at the head of a card or list. */
export function StatusLine({ status }: Props) {
  const icon = 'icon' in status ? status.icon : undefined;
  return (
    <p className="widget-status">
      {icon && isIconName(icon) && <Icon name={icon} />}
      <span dir="auto">{status.text}</span>
    </p>
  );
}
