// Asks now, again and again, and when the page is looked at anew.

import { useCallback, useEffect, useRef, useState } from "react";

interface State<T> {
  data: T | undefined;
  /** Why the last answer did not come; what came before stays. */
  error: unknown;
}

export interface Asked<T> extends State<T> {
  again: () => void;
  /** Takes what came another way. */
  put: (next: T) => void;
}

export function useAsked<T>(ask: () => Promise<T>, every: number, newer: (known: T | undefined, next: T) => T): Asked<T> {
  const [state, setState] = useState<State<T>>({ data: undefined, error: undefined });
  const now = useRef({ ask, newer });
  now.current = { ask, newer };
  const put = useCallback((next: T) => setState(({ data }) => ({ data: now.current.newer(data, next), error: undefined })), []);
  const again = useCallback(() => {
    now.current.ask().then(put, (error: unknown) => setState(({ data }) => ({ data, error })));
  }, [put]);
  useEffect(() => {
    const look = () => {
      if (!document.hidden) again();
    };
    again();
    const timer = setInterval(look, every);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [again, every]);
  return { ...state, again, put };
}
