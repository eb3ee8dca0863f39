import { useState } from "react";
import "./Avatar.css";
import "./Thumbnail.css";
import { hue, initials } from "./initials";

interface Props {
  /** What is shown; said beside it, so the picture is hidden from screen readers. */
  name: string;
  src?: string | null;
  size?: "small" | "medium" | "large";
}

/** The picture of a product, or its letters while there is none. */
export function Thumbnail({ name, src, size = "medium" }: Props) {
  const [broken, setBroken] = useState<string>();
  const shown = src && src !== broken;
  return (
    <span className={`thumbnail thumbnail-${size} ${shown ? "" : `hue-${hue(name)}`}`} aria-hidden="true" translate="no">
      {shown ? <img src={src} alt="" loading="lazy" decoding="async" onError={() => setBroken(src)} /> : initials(name)}
    </span>
  );
}
