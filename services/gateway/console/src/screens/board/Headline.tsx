import Money from "lucide-react/icons/banknote";
import Product from "lucide-react/icons/shopping-bag";
import Traffic from "lucide-react/icons/users";
import type { ReactNode } from "react";
import { type Registry, useComparison, useTrend, useUsualCurve } from "../../api/queries";
import type { Board, Comparison, UsualCurve } from "../../api/types";
import { t } from "../../i18n";
import { change, DASH, metricValue, reading } from "../../lib/format";
import { useNow } from "../../lib/now";
import { HelpTip } from "../../ui/HelpTip";
import { MetricTip } from "../../ui/MetricTip";
import { StatTile } from "../../ui/StatTile";
import { type Freshness, useAsOf } from "./asOf";
import { course, LEAST_LIVES, type Pace, paceOf } from "./pace";
import { PaceCurve } from "./PaceCurve";
import { PresenceNote } from "./PresenceNote";
import { whyMissing } from "./Tile";
import { boardNow } from "./TopBar";

const DRAWN = ["gmv", "viewers_now", "orders"];

interface Props {
  freshness: Freshness;
  metrics: Registry;
}

/** The three questions of a LIVE: how is the money, the traffic, the product, and is that more than usual by now? */
export function Headline({ freshness, metrics }: Props) {
  const { board } = freshness;
  const { session } = board;
  const running = session.state === "live";
  const counted = Boolean(session.start_time) && session.source !== "import";
  const usual = useUsualCurve(session.session_id, counted, running);
  const trend = useTrend(session.session_id, { metrics: counted ? DRAWN : [] }, running).data;
  const now = useNow(running);
  const start = session.start_time ? Date.parse(session.start_time) : now;
  const minutes = (boardNow(board, now) - start) / 60_000;
  const over = session.state === "ended";
  const shared = { freshness, metrics };
  const curve = (metric: string) => {
    const points = usual.data?.series.find((one) => one.metric === metric)?.points ?? [];
    return counted && <PaceCurve own={course(trend, metric, start)} usual={points} minutes={minutes} />;
  };
  const pace = (metric: string): Pace => paceOf(usual.data, metric, valueOf(board, metric), minutes);
  const note = (metric: string) => <PaceNote pace={pace(metric)} metric={metric} board={board} failed={usual.isError} metrics={metrics} />;
  const drawn = Boolean(usual.data && !usual.data.missing);
  return (
    <section aria-labelledby="headline-title">
      <h2 id="headline-title" className="visually-hidden">{t("headline")}</h2>
      <div className="headline">
        <Question {...shared} icon={<Money size={16} aria-hidden />} question={t("headline.money")} metric="gmv" pace={counted && note("gmv")} chart={curve("gmv")}>
          <Part board={board} metrics={metrics} metric="net_gmv" />
          <Part board={board} metrics={metrics} metric="average_order_value" />
        </Question>
        <Question
          {...shared}
          icon={<Traffic size={16} aria-hidden />}
          question={t("headline.traffic")}
          metric={over ? "views" : "viewers_now"}
          pace={counted && (over ? <Average board={board} metric="views" /> : note("viewers_now"))}
          chart={curve("viewers_now")}
          aside={<PresenceNote source={board.presence_source} />}
        >
          <Part board={board} metrics={metrics} metric={over ? "unique_viewers" : "views"} />
          <Part board={board} metrics={metrics} metric="pcu" />
        </Question>
        <Question {...shared} icon={<Product size={16} aria-hidden />} question={t("headline.product")} metric="orders" pace={counted && note("orders")} chart={curve("orders")}>
          <Part board={board} metrics={metrics} metric="product_clicks" />
          <Part board={board} metrics={metrics} metric="ctor" />
        </Question>
      </div>
      {drawn && <p className="headline-key muted small"><Key curve={usual.data!} /></p>}
    </section>
  );
}

function Key({ curve }: { curve: UsualCurve }) {
  return (
    <>
      <span><span className="key-own" aria-hidden="true" /> {t("pace.key-own")}</span>
      <span><span className="key-usual" aria-hidden="true" /> {t("pace.key-usual", { n: curve.sessions })}</span>
      <span><span className="key-band" aria-hidden="true" /> {t("pace.key-band")}</span>
    </>
  );
}

const valueOf = (board: Board, name: string) => board.core.find((one) => one.metric === name)?.value;

interface QuestionProps extends Props {
  icon: ReactNode;
  question: string;
  metric: string;
  pace: ReactNode;
  chart: ReactNode;
  aside?: ReactNode;
  children: ReactNode;
}

function Question({ freshness, metrics, icon, question, metric: name, pace, chart, aside, children }: QuestionProps) {
  const { board } = freshness;
  const metric = metrics.get(name);
  const value = board.core.find((one) => one.metric === name);
  const text = reading(value, metric?.unit ?? "count", board.session.currency);
  return (
    <section className="question" data-metric={name} aria-label={question}>
      <header className="question-head">
        {icon}
        <h3>{question}</h3>
        {aside}
      </header>
      <StatTile
        size="large"
        name={metric?.title ?? name}
        value={text}
        missing={text === DASH ? whyMissing(value) : undefined}
        help={<MetricTip metric={metric} />}
        asOf={useAsOf(freshness, metric)}
      />
      {pace && <div className="question-pace">{pace}</div>}
      {chart}
      <dl className="question-parts">{children}</dl>
    </section>
  );
}

function Part({ board, metrics, metric: name }: { board: Board; metrics: Registry; metric: string }) {
  const metric = metrics.get(name);
  const value = board.core.find((one) => one.metric === name);
  const text = reading(value, metric?.unit ?? "count", board.session.currency);
  return (
    <div data-metric={name}>
      <dt>{metric?.title ?? name} <MetricTip metric={metric} /></dt>
      <dd>{text === DASH ? <HelpTip label={`${DASH} ${whyMissing(value)}`} text={whyMissing(value)}>{DASH}</HelpTip> : text}</dd>
    </div>
  );
}

interface NoteProps {
  pace: Pace;
  metric: string;
  board: Board;
  metrics: Registry;
  failed: boolean;
}

const TONES = { above: "delta delta-good", within: "delta", below: "delta delta-bad" };

/** How far from usual, or why that cannot be said. */
function PaceNote({ pace, metric, board, metrics, failed }: NoteProps) {
  if (pace.kind === "pace") {
    const value = metricValue(Math.round(pace.usual), metrics.get(metric)?.unit ?? "count", board.session.currency);
    return (
      <>
        <span className={TONES[pace.range]} data-pace={pace.range}>{change(pace.change)}</span>{" "}
        <span className="muted">{t("pace.usual", { value, minutes: pace.minutes })}</span>
      </>
    );
  }
  if (failed) return <span className="muted">{t("pace.failed")}</span>;
  if (pace.kind === "few") return <span className="muted">{t("pace.few", { n: pace.lives, least: LEAST_LIVES })}</span>;
  return <span className="muted">{t(`pace.none.${pace.why}`)}</span>;
}

/** What the usual curve does not tell, after the end: beside the account's other whole sessions. */
function Average({ board, metric }: { board: Board; metric: string }) {
  const data: Comparison | undefined = useComparison(board.session.session_id).data;
  const found = data?.comparisons.find((one) => one.reading.metric === metric);
  if (!data) return <span className="muted">{t("pace.none.waiting")}</span>;
  if (data.sessions < LEAST_LIVES) return <span className="muted">{t("pace.few", { n: data.sessions, least: LEAST_LIVES })}</span>;
  if (found?.difference == null) return <span className="muted">{t("pace.none.unknown")}</span>;
  return (
    <>
      <span className="delta">{change(found.difference)}</span>{" "}
      <span className="muted">{t("pace.average", { value: reading(found.average, "count"), n: data.sessions })}</span>
    </>
  );
}
