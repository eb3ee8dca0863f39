import "./Avatar.css";
import { hue, initials } from "./initials";

interface Props {
  /** Whose it is; said beside it, so it is hidden from screen readers. */
  name: string;
  size?: "small" | "medium" | "large";
}

/** A person or an account. */
export function Avatar({ name, size = "medium" }: Props) {
  return <span className={`avatar avatar-${size} hue-${hue(name)}`} aria-hidden="true" translate="no">{initials(name)}</span>;
}
