// Light or dark: follows the system until a person chooses, then remembers the choice.

import { useSyncExternalStore } from "react";

export type Theme = "light" | "dark";

const KEY = "showfloor.theme";
const system = window.matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();

export function currentTheme(): Theme {
  const chosen = localStorage.getItem(KEY);
  if (chosen === "light" || chosen === "dark") return chosen;
  return system.matches ? "dark" : "light";
}

function announce(): void {
  document.documentElement.dataset["theme"] = currentTheme();
  listeners.forEach((listener) => listener());
}

export function toggleTheme(): void {
  const next: Theme = currentTheme() === "dark" ? "light" : "dark";
  // Choosing what the system says anyway means to follow the system again.
  if (next === (system.matches ? "dark" : "light")) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, next);
  announce();
}

export function startTheme(): void {
  system.addEventListener("change", announce);
  // Another window of the console may have switched.
  window.addEventListener("storage", (event) => event.key === KEY && announce());
  announce();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useTheme = (): Theme => useSyncExternalStore(subscribe, currentTheme);
