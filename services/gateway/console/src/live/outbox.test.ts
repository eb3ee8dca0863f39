import { beforeEach, expect, it, vi } from "vitest";
import { Problem } from "../api/client";
import { isTold, patiently } from "./outbox";

const server = vi.hoisted(() => {
  const listeners = new Set<() => void>();
  const state = { reached: true };
  const set = (reached: boolean) => {
    state.reached = reached;
    listeners.forEach((listener) => listener());
  };
  return { listeners, state, set };
});

vi.mock("./reach", () => ({
  isReached: () => server.state.reached,
  onReach: (listener: () => void) => server.listeners.add(listener),
}));

beforeEach(() => server.set(true));

const settled = () => new Promise((resolve) => setTimeout(resolve));

it("does at once what can be done", async () => {
  const late = vi.fn();
  expect(await patiently("Pin", async () => 1, late)).toBe(1);
  expect(late).not.toHaveBeenCalled();
});

it("sends what was pressed while away once, in the order of the presses", async () => {
  const done: string[] = [];
  const late = vi.fn();
  server.set(false);
  const first = patiently("one", async () => void (await settled(), done.push("one")), late);
  const second = patiently("two", async () => void done.push("two"), late);
  await settled();
  expect(done).toEqual([]);
  server.set(true);
  await Promise.all([first, second]);
  expect(done).toEqual(["one", "two"]);
  expect(late).toHaveBeenCalledTimes(2);
});

it("waits again when the answer is lost, and tells itself of what is refused then", async () => {
  let tries = 0;
  const refused = new Problem(409, "NOT_IN_BAG", "");
  const pressed = patiently("Pin", async ({ wait }) => {
    if (++tries === 1) server.set(false);
    await wait?.(new Problem(0, "UNREACHABLE", ""));
    throw refused;
  }, vi.fn());
  await settled();
  server.set(true);
  await expect(pressed).rejects.toBe(refused);
  expect(isTold(refused)).toBe(true);
});

it("leaves a refusal that came at once to whoever asked", async () => {
  const refused = new Problem(409, "SESSION_ENDED", "");
  await expect(patiently("Pin", () => Promise.reject(refused), vi.fn())).rejects.toBe(refused);
  expect(isTold(refused)).toBe(false);
});
