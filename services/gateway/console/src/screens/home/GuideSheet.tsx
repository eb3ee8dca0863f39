import type { ReactNode } from "react";
import { type GuideBlock, type GuideSummary, useGuide } from "../../api/home";
import { Button } from "../../ui/Button";
import { ProblemNote } from "../../ui/Notes";
import { Sheet } from "../../ui/Sheet";
import { Skeleton } from "../../ui/Skeleton";
import { t } from "../../i18n";

export interface GuideProps {
  guide: GuideSummary;
  isOpen: boolean;
  onClose: () => void;
}

/** A guide, to be read beside the page. */
export function GuideSheet({ guide, isOpen, onClose }: GuideProps) {
  const found = useGuide(guide.slug);
  return (
    <Sheet title={guide.title} isOpen={isOpen} onClose={onClose} foot={<Button onPress={onClose}>{t("action.done")}</Button>}>
      <article className="guide">
        {found.isPending && <Skeleton lines={8} />}
        {found.error && <ProblemNote error={found.error} retry={() => void found.refetch()} />}
        {found.data && shown(found.data.blocks)}
      </article>
    </Sheet>
  );
}

/** Items that follow each other are one list. */
function shown(blocks: readonly GuideBlock[]): ReactNode[] {
  const parts: ReactNode[] = [];
  for (let at = 0; at < blocks.length; at++) {
    const { kind, text } = blocks[at]!;
    if (kind === "heading") parts.push(<h3 key={at}>{text}</h3>);
    else if (kind === "paragraph") parts.push(<p key={at}>{text}</p>);
    else {
      const end = blocks.findIndex((one, index) => index > at && one.kind !== "item");
      const items = blocks.slice(at, end === -1 ? undefined : end);
      parts.push(<ul key={at}>{items.map((one) => <li key={one.text}>{one.text}</li>)}</ul>);
      at += items.length - 1;
    }
  }
  return parts;
}
