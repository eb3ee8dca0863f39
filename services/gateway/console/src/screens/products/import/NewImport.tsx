import Download from "lucide-react/icons/download";
import { useState } from "react";
import { imports, useImports } from "../../../api/products";
import type { Import } from "../../../api/types";
import { named, t } from "../../../i18n";
import { moment } from "../../../lib/format";
import { Badge, type Tone } from "../../../ui/Badge";
import { Button } from "../../../ui/Button";
import { Card } from "../../../ui/Card";
import { EmptyState } from "../../../ui/EmptyState";
import { FileDrop } from "../../../ui/FileDrop";
import { Link } from "../../../ui/Link";
import { ProblemNote, problemText } from "../../../ui/Notes";
import { ProgressBar } from "../../../ui/ProgressBar";
import { Skeleton } from "../../../ui/Skeleton";
import { downloadSample } from "../sample";
import type { Shop } from "../useShop";
import { hold } from "./heldFiles";

const MOST_BYTES = 8 * 1024 * 1024;
const WHOLE = 100;
const KINDS = [".csv", ".xlsx", ".zip", "text/csv"] as const;

interface Props {
  shop: Shop;
  onTaken: (id: string) => void;
}

export function NewImport({ shop, onTaken }: Props) {
  const [sending, setSending] = useState<{ name: string; share: number } | null>(null);
  const [problem, setProblem] = useState<string>();
  const send = async ([file]: File[]) => {
    if (!file) return;
    if (file.size > MOST_BYTES) return setProblem(t("import.large"));
    setProblem(undefined);
    setSending({ name: file.name, share: 0 });
    try {
      const taken = (await imports.create(shop.id, file, (share) => setSending({ name: file.name, share })).done).import.import_id;
      hold(taken, file);
      onTaken(taken);
    } catch (error) {
      setProblem(problemText(error));
      setSending(null);
    }
  };
  return (
    <div className="import-new">
      <div className="stack">
        {sending ? (
          <Card>
            <ProgressBar label={t("import.sending", { name: sending.name })} value={sending.share < 1 ? sending.share * WHOLE : undefined} />
          </Card>
        ) : (
          <FileDrop label={t("import.drop")} hint={t("import.drop-hint")} accept={KINDS} problem={problem} onFiles={(files) => void send(files)} />
        )}
        <Earlier shop={shop} />
      </div>
      <Columns shop={shop} />
    </div>
  );
}

function Columns({ shop }: { shop: Shop }) {
  const rows = [
    { name: "product", needed: true, meaning: t("import.column-product") },
    { name: `price_${shop.currency.toLowerCase()}`, needed: true, meaning: t("import.column-price", { currency: shop.currency }) },
    { name: "title", needed: false, meaning: t("import.column-title") },
    { name: "category", needed: false, meaning: t("import.column-category") },
    { name: "commission_percent", needed: false, meaning: t("import.column-commission") },
    { name: "stock", needed: false, meaning: t("import.column-stock") },
    { name: "option_1, option_1_value", needed: false, meaning: t("import.column-option") },
  ];
  return (
    <Card
      title={t("import.columns")}
      hint={t("import.columns-hint")}
      actions={<Button small icon={<Download size={14} aria-hidden />} onPress={() => downloadSample(shop.currency)}>{t("import.sample")}</Button>}
    >
      <dl className="import-columns">
        {rows.map(({ name, needed, meaning }) => (
          <div key={name}>
            <dt><code translate="no">{name}</code>{needed && <Badge>{t("import.needed")}</Badge>}</dt>
            <dd className="muted">{meaning}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

export const TONES: Partial<Record<Import["state"], Tone>> = { ready: "accent", refused: "bad", failed: "bad", applied: "good", applying: "info", checking: "info" };

function Earlier({ shop }: { shop: Shop }) {
  const list = useImports(shop.id);
  return (
    <Card title={t("import.earlier")}>
      {list.isPending && <Skeleton lines={3} />}
      {list.error && <ProblemNote error={list.error} retry={() => void list.refetch()} />}
      {list.data?.length === 0 && <EmptyState title={t("import.earlier-none")} />}
      <ul className="import-earlier">
        {list.data?.map((one) => (
          <li key={one.import_id}>
            <span className="import-name">
              <Link to="/products/import" search={{ id: one.import_id }} look="row" aria-label={t("import.open-of", { name: one.file_name })}>
                {one.file_name}
              </Link>
              <span className="muted small">{moment(one.create_time)}</span>
            </span>
            <Badge tone={TONES[one.state]}>{named("import-state", one.state)}</Badge>
          </li>
        ))}
      </ul>
    </Card>
  );
}
