import { useState } from "react";
import type { Product } from "../api/types";
import { url } from "../api/client";
import { hue, initials } from "../ui/initials";
import "../ui/Avatar.css";

/** A product's picture from its shop, or its letters. */
export function Picture({ product, width }: { product: Product; width: 96 | 480 | 1200 }) {
  const [broken, setBroken] = useState(false);
  if (!product.image_id || broken)
    return <span className={`picture hue-${hue(product.title)}`} translate="no" aria-hidden="true">{initials(product.title)}</span>;
  const address = url(`/images/${encodeURIComponent(product.image_id)}`, { width });
  return (
    <span className="picture" aria-hidden="true">
      <img src={address} alt="" decoding="async" onError={() => setBroken(true)} />
    </span>
  );
}
