import { useRef, useState } from "react";

/** Something that a press starts: while it runs, another press does nothing; what went wrong is kept until the next one. */
export function useAct<Given extends unknown[]>(work: (...given: Given) => Promise<unknown>) {
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>();
  const busy = useRef(false);
  const run = async (...given: Given) => {
    if (busy.current) return;
    busy.current = true;
    setPending(true);
    setError(undefined);
    try {
      await work(...given);
    } catch (wrong) {
      setError(wrong);
    } finally {
      busy.current = false;
      setPending(false);
    }
  };
  return { run: (...given: Given) => void run(...given), pending, error };
}
