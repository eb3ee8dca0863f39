import { useVirtualizer } from "@tanstack/react-virtual";
import { type FocusEvent, memo, type ReactNode, useEffect, useRef, useState } from "react";
import { t } from "../i18n";
import type { LiveListProps } from "./LiveList";
import "../words/feed";

/** A pointer at rest no longer holds the list: it was left there. */
const REST_MS = 4000;
const OVERSCAN = 8;

/**
 * A list that grows at its top, many times a second if need be. Only what is in sight is in the page. It stands still
 * while somebody reads further down, points into it, or works in it with the keyboard; what came meanwhile is counted.
 */
export function LiveLines<T>({ label, items, keyOf, placeOf, render, lines, empty, after }: LiveListProps<T>) {
  const scroller = useRef<HTMLDivElement>(null);
  const { shown, waiting, hold, release } = useHeld(items, placeOf);
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => lines * 20,
    getItemKey: (row) => keyOf(shown[row]!),
    overscan: OVERSCAN,
    useFlushSync: false,
  });
  // What is above was measured on the way down: heights that come to be known must not move what is read.
  virtual.shouldAdjustScrollPositionOnItemSizeChange = () => false;
  const toTop = () => {
    scroller.current?.scrollTo({ top: 0 });
    release();
  };
  return (
    <div className="live-list">
      {waiting > 0 && (
        <button type="button" className="live-list-new" onClick={toTop}>{t("feed.waiting", { n: waiting })}</button>
      )}
      <div
        ref={scroller}
        className="feed-scroll"
        tabIndex={0}
        role="region"
        aria-label={label}
        onScroll={(event) => hold("scrolled", event.currentTarget.scrollTop > 4)}
        onPointerMove={(event) => event.pointerType === "mouse" && hold("pointed", true)}
        onPointerLeave={() => hold("pointed", false)}
        onFocus={(event: FocusEvent) =>
          hold("focused", event.target !== scroller.current && event.target.matches(":focus-visible"))
        }
        onBlur={() => hold("focused", false)}
      >
        {shown.length === 0 && empty}
        <ol className="feed-list" aria-label={label} style={{ blockSize: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((row) => (
            <li
              key={row.key}
              ref={virtual.measureElement}
              data-index={row.index}
              aria-posinset={row.index + 1}
              aria-setsize={shown.length}
              style={{ transform: `translateY(${row.start}px)` }}
            >
              <Row item={shown[row.index]!} render={render as (item: unknown) => ReactNode} />
            </li>
          ))}
        </ol>
        {after}
      </div>
    </div>
  );
}

const Row = memo(function Row({ item, render }: { item: unknown; render: (item: unknown) => ReactNode }) {
  return <>{render(item)}</>;
});

type Why = "scrolled" | "pointed" | "focused";

/** The items as they were when the first reason to hold them came up, until the last one is gone. */
function useHeld<T>(items: readonly T[], placeOf: (item: T) => number) {
  const [why, setWhy] = useState<Record<Why, boolean>>({ scrolled: false, pointed: false, focused: false });
  const [mark, setMark] = useState<number | null>(null);
  const rest = useRef<ReturnType<typeof setTimeout>>(undefined);
  const wanted = items.length > 0 && Object.values(why).some(Boolean);
  if (wanted !== (mark !== null)) setMark(wanted ? placeOf(items[0]!) : null);
  useEffect(() => () => clearTimeout(rest.current), []);

  const set = (reason: Why, on: boolean) => setWhy((now) => (now[reason] === on ? now : { ...now, [reason]: on }));
  const hold = (reason: Why, on: boolean) => {
    set(reason, on);
    if (reason !== "pointed") return;
    clearTimeout(rest.current);
    if (on) rest.current = setTimeout(() => set("pointed", false), REST_MS);
  };
  const release = () => setWhy({ scrolled: false, pointed: false, focused: false });
  const shown = mark === null ? items : items.filter((item) => placeOf(item) <= mark);
  return { shown, waiting: items.length - shown.length, hold, release };
}
