import { newId, Problem } from "./client";

/** A refusal is an answer: nothing was done. Without one, or with an error of the server, it may have been. */
const refused = (error: unknown) =>
  error instanceof Problem && error.status >= 400 && error.status < 500 && error.code !== "IDEMPOTENCY_RUNNING";

/**
 * What a person wants done once, however often they press. After a lost answer the next press sends the same
 * Idempotency-Key, so the server answers as before and does nothing twice. Wanting something else, a refusal, and
 * `done` make a new key.
 */
export class Intention {
  private wanted = "";
  private key = "";

  async send<T>(wanted: unknown, request: (key: string) => Promise<T>): Promise<T> {
    const text = JSON.stringify(wanted);
    if (!this.key || text !== this.wanted) {
      this.wanted = text;
      this.key = newId();
    }
    try {
      return await request(this.key);
    } catch (error) {
      if (refused(error)) this.done();
      throw error;
    }
  }

  done(): void {
    this.key = "";
  }
}
