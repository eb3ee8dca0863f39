import { useCallback, useEffect, useState } from "react";

/** Every part of the page that shows a stored value. */
const listeners = new Set<(name: string, value: unknown) => void>();

function read<T>(name: string, initial: T, valid: (value: unknown) => value is T): T {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(name) ?? "null");
    return valid(kept) ? kept : initial;
  } catch {
    return initial;
  }
}

/** State that survives a reload and is one for the whole page: kept in the browser under `showfloor.<key>`. A value that
 * `valid` refuses is ignored. */
export function useStored<T>(key: string, initial: T, valid: (value: unknown) => value is T) {
  const name = `showfloor.${key}`;
  const [value, setValue] = useState<T>(() => read(name, initial, valid));
  const set = useCallback((next: T) => keep(key, next), [key]);
  useEffect(() => {
    const hear = (changed: string, next: unknown) => {
      if (changed === name) setValue(next as T);
    };
    listeners.add(hear);
    return () => void listeners.delete(hear);
  }, [name]);
  return [value, set] as const;
}

/** Keeps a value, and tells every part of the page that shows it. */
export function keep(key: string, value: unknown): void {
  localStorage.setItem(`showfloor.${key}`, JSON.stringify(value));
  listeners.forEach((tell) => tell(`showfloor.${key}`, value));
}

export const isStrings = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === "string");
export const isNumber = (value: unknown): value is number => typeof value === "number";
export const isString = (value: unknown): value is string => typeof value === "string";
