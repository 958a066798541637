import { type IconName, isIconName } from '../../../app/Icon';

const aliases: Record<string, IconName> = {
  'lucide:trash': 'trash',
  'lucide:trash-2': 'trash',
  'lucide:pencil': 'pencil',
  'lucide:check': 'check',
  'lucide:plus': 'plus',
  'lucide:x': 'close',
  write: 'pencil',
};

/** Our picture for an icon of ChatKit, if there is one. */
export function iconName(name: string | undefined): IconName | null {
  if (!name) return null;
  if (isIconName(name)) return name;
  return aliases[name] ?? null;
}
