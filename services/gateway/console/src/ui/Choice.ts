/** One of several things to choose from. */
export interface Choice<T extends string = string> {
  id: T;
  text: string;
  /** Choices of one group stand together under its name. */
  group?: string;
  /** A second, quieter line. */
  hint?: string;
  isDisabled?: boolean;
}

/** The choices by group, in the order in which the groups first appear. */
export function grouped<C extends Choice>(choices: readonly C[]): [string, C[]][] {
  const groups = new Map<string, C[]>();
  for (const choice of choices) {
    const group = choice.group ?? "";
    groups.set(group, [...(groups.get(group) ?? []), choice]);
  }
  return [...groups];
}
