import { type RefObject, useLayoutEffect, useRef } from 'react';

/** A ref to the newest value, for callbacks that outlive the render they were made in. */
export function useLatest<T>(value: T): RefObject<T> {
  const latest = useRef(value);
  useLayoutEffect(() => {
    latest.current = value;
  });
  return latest;
}
