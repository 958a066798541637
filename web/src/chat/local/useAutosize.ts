import { type RefObject, useLayoutEffect } from 'react';

/** Makes a text area as high as its text; how high it may get is the style sheet's matter. */
export function useAutosize(field: RefObject<HTMLTextAreaElement | null>, text: string): void {
  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    element.style.height = 'auto';
    if (text) element.style.height = `${element.scrollHeight}px`;
  }, [field, text]);
}
