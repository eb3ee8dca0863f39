import type { ReactNode } from "react";
import "./KeyValue.css";

interface Props {
  items: readonly { name: string; value: ReactNode; help?: ReactNode }[];
}

/** Names and what they are, below each other. */
export function KeyValue({ items }: Props) {
  return (
    <dl className="key-value">
      {items.map(({ name, value, help }) => (
        <div key={name}>
          <dt>{name}{help}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
