import type { CSSProperties } from 'react';

const UNIT = '0.25rem';

const alignments: Record<string, string> = {
  start: 'flex-start',
  end: 'flex-end',
  between: 'space-between',
  around: 'space-around',
  evenly: 'space-evenly',
};

type Boxlike = {
  gap?: unknown;
  align?: unknown;
  justify?: unknown;
  wrap?: unknown;
  flex?: unknown;
  padding?: unknown;
};

/** A length of a widget: numbers count in quarters of a rem. */
export function length(value: unknown): string | undefined {
  if (typeof value === 'number') return `calc(${value} * ${UNIT})`;
  return typeof value === 'string' ? value : undefined;
}

/** The layout of a box that holds other nodes. */
export function boxStyle(node: Boxlike, direction: 'row' | 'column'): CSSProperties {
  const align = typeof node.align === 'string' ? node.align : direction === 'row' ? 'center' : '';
  const justify = typeof node.justify === 'string' ? node.justify : '';
  return {
    display: 'flex',
    flexDirection: direction,
    gap: length(node.gap),
    alignItems: alignments[align] ?? (align || undefined),
    justifyContent: alignments[justify] ?? (justify || undefined),
    flexWrap: typeof node.wrap === 'string' ? (node.wrap as CSSProperties['flexWrap']) : undefined,
    flex: typeof node.flex === 'number' || typeof node.flex === 'string' ? node.flex : undefined,
    padding: length(node.padding),
  };
}
