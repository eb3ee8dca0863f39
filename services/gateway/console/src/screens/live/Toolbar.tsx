import Download from "lucide-react/icons/download";
import { type ReactNode, useEffect, useState } from "react";
import { url, type Query } from "../../api/client";
import { named, t } from "../../i18n";
import { DateField } from "../../ui/DateField";
import { SearchField } from "../../ui/SearchField";
import { Select } from "../../ui/Select";
import type { Filters } from "./filters";
import { STATES } from "./filters";
import { PERIODS } from "./period";
import "./live.css";

interface Props {
  filters: Filters;
  onChange: (change: Filters) => void;
  accounts: readonly { account_id: string; name: string }[];
  /** The page is about some states only, so there is no choice of one. */
  fixed?: boolean;
  /** Controls of the page's own. */
  children?: ReactNode;
}

const ALL = "all";

/** Narrows a list of sessions by name, account, state and time. */
export function Toolbar({ filters, onChange, accounts, fixed = false, children }: Props) {
  return (
    <div className="toolbar" role="search">
      <Search text={filters.q ?? ""} onChange={(q) => onChange({ q: q || undefined })} />
      {accounts.length > 1 && (
        <Select
          label={t("sessions.account")}
          hideLabel
          value={accounts.some((one) => one.account_id === filters.account) ? filters.account! : ALL}
          onChange={(id) => onChange({ account: id === ALL ? undefined : id })}
          choices={[{ id: ALL, text: t("sessions.all-accounts") }, ...accounts.map((one) => ({ id: one.account_id, text: one.name }))]}
        />
      )}
      {!fixed && (
        <Select
          label={t("sessions.state")}
          hideLabel
          value={filters.state ?? ALL}
          onChange={(state) => onChange({ state: state === ALL ? undefined : state })}
          choices={[{ id: ALL, text: t("sessions.all-states") }, ...STATES.map((id) => ({ id, text: named("state", id) }))]}
        />
      )}
      <Select
        label={t("sessions.period")}
        hideLabel
        value={filters.period ?? ALL}
        onChange={(period) => onChange({ period: period === ALL ? undefined : period })}
        choices={PERIODS.map((id) => ({ id, text: t(`period.${id}`) }))}
      />
      {filters.period === "own" && (
        <>
          <DateField label={t("period.from")} hideLabel value={filters.from ?? null} latest={filters.until} onChange={(from) => onChange({ from: from ?? undefined })} />
          <span className="muted toolbar-to" aria-hidden="true">–</span>
          <DateField label={t("period.until")} hideLabel value={filters.until ?? null} earliest={filters.from} onChange={(until) => onChange({ until: until ?? undefined })} />
        </>
      )}
      {children}
    </div>
  );
}

/** Typing is shown at once; the address follows. */
function Search({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const [typed, setTyped] = useState(text);
  const [told, setTold] = useState(text);
  if (text !== told) {
    setTold(text);
    if (text !== typed.trim()) setTyped(text);
  }
  useEffect(() => {
    if (typed.trim() === text) return;
    const soon = setTimeout(() => onChange(typed.trim()), 200);
    return () => clearTimeout(soon);
  });
  return <SearchField label={t("sessions.search")} value={typed} onChange={setTyped} />;
}

/** The list as it is narrowed and sorted, as a file for a spreadsheet. */
export const Export = ({ query }: { query: Query }) => (
  <>
    {(["csv", "xlsx"] as const).map((end) => (
      <a key={end} className="button button-secondary" href={url(`/sessions.${end}`, query)} download={`sessions.${end}`}>
        <Download size={16} aria-hidden /> {t(`sessions.export-${end}`)}
      </a>
    ))}
  </>
);
