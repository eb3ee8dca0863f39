// The one place that speaks HTTP. Paths are relative to the page, so the console works behind any prefix.

export type Query = Record<string, string | number | boolean | readonly string[] | undefined | null>;

export interface Options {
  query?: Query;
  body?: unknown;
  /** Version that a form was filled from: sent as If-Match, so that nobody's change is overwritten unseen. */
  version?: number;
  /** A viewer's own token. Without one the browser's session cookie speaks. */
  token?: string;
  /** Idempotency-Key; a fresh one when missing. The same for every press that means the same thing: see `Intention`. */
  key?: string;
  signal?: AbortSignal;
  /** Lets the call outlive the page that makes it. */
  keepalive?: boolean;
  /** Is asked when the server cannot be reached or wants a sign-in; when it resolves, the same request is sent again. */
  wait?: Wait;
}

export type Wait = (why: Problem) => Promise<void>;
/** How a command is sent that may have to wait. */
export type How = Pick<Options, "key" | "wait">;

/** An RFC 9457 answer. `code` is the reason that the contracts name, such as "BAG_FULL". */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly field = "",
    readonly requestId = "",
    readonly details: Record<string, unknown> = {},
  ) {
    super(message);
  }
}

const MUTATING = new Set(["POST", "PUT", "PATCH", "DELETE"]);
const RETRY_DELAYS_MS = [250, 1000];

export function url(path: string, query: Query = {}): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined || value === null || value === "") continue;
    for (const one of Array.isArray(value) ? value : [value]) params.append(key, String(one));
  }
  const text = params.toString();
  return text ? `v1${path}?${text}` : `v1${path}`;
}

/** The refusal that an answer is. */
export async function problemOf(response: Response): Promise<Problem> {
  const body = (await response.json().catch(() => ({}))) as Record<string, unknown>;
  const text = (key: string) => (typeof body[key] === "string" ? (body[key] as string) : "");
  return new Problem(
    response.status,
    text("code") || `HTTP_${response.status}`,
    text("detail") || text("title") || response.statusText,
    text("field"),
    text("request_id"),
    body,
  );
}

function headersOf(method: string, options: Options): Headers {
  const headers = new Headers({ Accept: "application/json", "X-Showfloor-Console": "1" });
  if (options.body !== undefined) headers.set("Content-Type", "application/json");
  // One key for all tries of one intention: a resend after a lost answer changes nothing.
  if (MUTATING.has(method)) headers.set("Idempotency-Key", options.key ?? newId());
  if (options.version !== undefined) headers.set("If-Match", `"${options.version}"`);
  if (options.token) headers.set("Authorization", `Bearer ${options.token}`);
  return headers;
}

/** A UUID. `crypto.randomUUID` exists only on secure origins; a console on a LAN address has none. */
export function newId(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Calls the API. Raises `Problem` for every answer that is not 2xx and for a server that cannot be reached. */
export async function call<T>(method: string, path: string, options: Options = {}): Promise<T> {
  const init: RequestInit = {
    method,
    headers: headersOf(method, options),
    body: options.body === undefined ? null : JSON.stringify(options.body),
    signal: options.signal ?? null,
    credentials: "same-origin",
    keepalive: options.keepalive ?? false,
  };
  for (;;) {
    try {
      return await tried<T>(url(path, options.query), init, options.signal);
    } catch (error) {
      if (!options.wait || !(error instanceof Problem) || ![0, 401, 503].includes(error.status)) throw error;
      await options.wait(error);
    }
  }
}

/** Sends a request, and again a few times while there is no answer or the server is not ready. */
async function tried<T>(address: string, init: RequestInit, signal?: AbortSignal): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    const delay = RETRY_DELAYS_MS[attempt];
    try {
      const response = await fetch(address, init);
      if (response.ok) return (response.status === 204 ? {} : await response.json()) as T;
      if (delay === undefined) throw await problemOf(response);
      if (response.status !== 503) {
        const problem = await problemOf(response);
        // The first try, whose answer was lost, still runs: soon it has one.
        if (problem.code !== "IDEMPOTENCY_RUNNING") throw problem;
      }
    } catch (error) {
      if (error instanceof Problem || signal?.aborted) throw error;
      if (delay === undefined) throw new Problem(0, "UNREACHABLE", "");
    }
    await new Promise((resolve) => setTimeout(resolve, delay));
  }
}
