import type { ReactNode } from "react";
import { part } from "./part";
import { Skeleton } from "./Skeleton";

export interface LiveListProps<T> {
  label: string;
  /** Newest first. */
  items: readonly T[];
  keyOf: (item: T) => string;
  /** Grows with time: what is newer than the moment of holding waits. */
  placeOf: (item: T) => number;
  render: (item: T) => ReactNode;
  /** Height of a line in lines of text, before it has been measured. */
  lines: number;
  empty: ReactNode;
  /** Stands below the last item. */
  after?: ReactNode;
}

const Lines = part<LiveListProps<unknown>>(() => import("./LiveLines").then((file) => file.LiveLines), () => <div className="live-list"><Skeleton lines={6} /></div>);

/** A list that grows at its top; its code comes after the page, while its first lines are read. */
export const LiveList = <T,>(props: LiveListProps<T>) => <Lines {...(props as LiveListProps<unknown>)} />;
