// The files that this window has sent: the services do not keep them, and another mapping of columns needs them again.

const MOST = 3;
const held = new Map<string, File>();

export function hold(id: string, file: File): void {
  held.set(id, file);
  for (const oldest of held.keys()) if (held.size > MOST) held.delete(oldest);
}

export const heldFile = (id: string): File | undefined => held.get(id);
