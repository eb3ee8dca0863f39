import { useCallback, useState } from "react";

/** State that survives a reload: kept in the browser under `showfloor.<key>`. A value that `valid` refuses is ignored. */
export function useStored<T>(key: string, initial: T, valid: (value: unknown) => value is T) {
  const name = `showfloor.${key}`;
  const [value, setValue] = useState<T>(() => {
    try {
      const kept: unknown = JSON.parse(localStorage.getItem(name) ?? "null");
      return valid(kept) ? kept : initial;
    } catch {
      return initial;
    }
  });
  const set = useCallback(
    (next: T) => {
      localStorage.setItem(name, JSON.stringify(next));
      setValue(next);
    },
    [name],
  );
  return [value, set] as const;
}

export const isStrings = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === "string");
export const isNumber = (value: unknown): value is number => typeof value === "number";
export const isString = (value: unknown): value is string => typeof value === "string";
