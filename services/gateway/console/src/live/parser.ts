// Server-sent events, as the HTML standard writes them, read from chunks of text.

export interface ServerEvent {
  name: string;
  data: string;
  id: string;
}

/** Collects chunks and gives out whole events. Comments (heartbeats) and unfinished events give nothing. */
export class EventParser {
  /** The last id seen: where to resume. It stays until another one comes. */
  lastId = "";
  /** The pause that the server asks for before coming back, in milliseconds; 0 when it asked for none. */
  retry = 0;
  private rest = "";
  private name = "";
  private data: string[] = [];

  push(chunk: string): ServerEvent[] {
    const lines = (this.rest + chunk).split("\n");
    this.rest = lines.pop() ?? "";
    const events: ServerEvent[] = [];
    for (const line of lines) {
      const event = this.line(line.endsWith("\r") ? line.slice(0, -1) : line);
      if (event) events.push(event);
    }
    return events;
  }

  /** Forgets an event that was cut off with its connection; keeps where to resume. */
  reset(): void {
    this.rest = this.name = "";
    this.data = [];
  }

  private line(line: string): ServerEvent | null {
    if (line === "") return this.finish();
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.name = value;
    else if (field === "data") this.data.push(value);
    else if (field === "id") this.lastId = value;
    else if (field === "retry" && /^\d{1,6}$/.test(value)) this.retry = Number(value);
    return null;
  }

  private finish(): ServerEvent | null {
    const event = { name: this.name || "message", data: this.data.join("\n"), id: this.lastId };
    const empty = this.data.length === 0;
    this.name = "";
    this.data = [];
    return empty ? null : event;
  }
}
