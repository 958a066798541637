import { createContext } from 'react';
import type { Action } from '../protocol/types';

type WidgetApi = {
  /** Carries out an action; false when it did not work, which the widget has told by then. */
  dispatch: (action: Action) => Promise<boolean>;
};

/** What the parts of a widget can do. */
export const WidgetContext = createContext<WidgetApi>({ dispatch: async () => false });
