import { createContext } from 'react';

/** The words of the list row around a control: the name of a control that has none of its own. */
export const RowContext = createContext<string | null>(null);
