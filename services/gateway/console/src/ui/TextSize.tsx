import type { CSSProperties } from "react";
import { t } from "../i18n";
import { isNumber, useStored } from "../lib/stored";
import { Button } from "./Button";

const SIZES = [12, 13, 14, 16, 18, 20, 24];

/** The reader's own size of text, kept for next time. */
export function useTextSize() {
  return useStored("feed-size", 14, isNumber);
}

/** The style that gives the lists within their size. */
export const textSize = (size: number) => ({ "--feed-size": `${size}px` }) as CSSProperties;

interface Props {
  size: number;
  onChange: (size: number) => void;
}

export function TextSize({ size, onChange }: Props) {
  const step = (by: number) => onChange(SIZES[Math.min(SIZES.length - 1, Math.max(0, SIZES.indexOf(size) + by))] ?? 14);
  return (
    <span className="row feed-size">
      <Button kind="quiet" small repeats isDisabled={size <= SIZES[0]!} onPress={() => step(-1)}>
        <span aria-hidden="true">A−</span>
        <span className="visually-hidden">{t("activity.smaller")}</span>
      </Button>
      <Button kind="quiet" small repeats isDisabled={size >= SIZES.at(-1)!} onPress={() => step(1)}>
        <span aria-hidden="true">A+</span>
        <span className="visually-hidden">{t("activity.larger")}</span>
      </Button>
    </span>
  );
}
