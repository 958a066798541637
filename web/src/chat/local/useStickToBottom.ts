import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';

const NEAR = 96;

type Scrolling = {
  scroller: RefObject<HTMLDivElement | null>;
  content: RefObject<HTMLDivElement | null>;
  /** Whether the newest text is in view, or nearly. */
  atBottom: boolean;
  toBottom: () => void;
};

/** Keeps the end of a growing content in view, unless the person has scrolled away from it. */
export function useStickToBottom(): Scrolling {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const sticking = useRef(true);
  const top = useRef(0);
  const [atBottom, setAtBottom] = useState(true);

  const toBottom = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    sticking.current = true;
    element.scrollTop = element.scrollHeight;
    top.current = element.scrollTop;
  }, []);

  useEffect(() => {
    const element = scroller.current;
    if (!element || !content.current) return;

    function onScroll() {
      if (!element) return;
      const below = element.scrollHeight - element.scrollTop - element.clientHeight;
      // The content may have grown since we scrolled: only who goes up leaves the end.
      if (below < NEAR) sticking.current = true;
      else if (element.scrollTop < top.current) sticking.current = false;
      top.current = element.scrollTop;
      setAtBottom(below < NEAR);
    }
    const observer = new ResizeObserver(() => {
      if (sticking.current) toBottom();
      else onScroll();
    });
    observer.observe(content.current);
    observer.observe(element);
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', onScroll);
    };
  }, [toBottom]);

  return { scroller, content, atBottom, toBottom };
}
