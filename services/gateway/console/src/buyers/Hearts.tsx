import Heart from "lucide-react/icons/heart";
import { useRef, useState } from "react";
import { t } from "../i18n";

const MOST = 12; // hearts that rise at once
const RISE_MS = 1_600;

let nextKey = 1;

/** Hearts that rise from where they were given. Whoever asked for less motion sees the button alone. */
export function useHearts(onLike: () => void) {
  const [rising, setRising] = useState<readonly number[]>([]);
  const [liked, setLiked] = useState(false);
  const calm = useRef(matchMedia("(prefers-reduced-motion: reduce)")).current;
  const like = () => {
    onLike();
    setLiked(true);
    if (calm.matches) return;
    const key = nextKey++;
    setRising((before) => [...before.slice(1 - MOST), key]);
    setTimeout(() => setRising((before) => before.filter((one) => one !== key)), RISE_MS);
  };
  return { like, liked, rising };
}

export function LikeButton({ hearts: { like, liked, rising } }: { hearts: ReturnType<typeof useHearts> }) {
  return (
    <span className="like">
      <span className="hearts" aria-hidden="true">
        {rising.map((key) => <Heart key={key} className={`heart heart-${key % 4}`} size={26} fill="currentColor" strokeWidth={0} />)}
      </span>
      <button type="button" className={liked ? "round like-on" : "round"} aria-label={t("watch.like")} onClick={like}>
        <Heart size={22} aria-hidden fill={liked ? "currentColor" : "none"} />
      </button>
    </span>
  );
}
