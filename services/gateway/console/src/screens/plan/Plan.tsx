import { useNavigate, useParams } from "@tanstack/react-router";
import Trash from "lucide-react/icons/trash-2";
import { useState } from "react";
import { useMe, useSession } from "../../api/queries";
import type { Session } from "../../api/types";
import { t } from "../../i18n";
import { DASH, moment } from "../../lib/format";
import { useTitle } from "../../lib/title";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { KeyValue } from "../../ui/KeyValue";
import { Link } from "../../ui/Link";
import { part } from "../../ui/part";
import { SessionBadges } from "../../ui/SessionBadges";
import { SessionProblem } from "../../ui/SessionProblem";
import { Shell } from "../../app/Shell";
import { Skeleton } from "../../ui/Skeleton";
import { ViewersLink } from "../../ui/ViewersLink";
import { Script } from "../air/Script";
import { Title } from "../air/Title";
import { DeleteSession } from "../live/DeleteSession";
import { Steps } from "../live/Steps";
import { Checklist } from "./Checklist";
import { Products } from "./Products";
import "./plan.css";
import "../../words/air";
import "../../words/bag";
import "../../words/desk";
import "../../words/events";
import "../../words/plan";
import "../../words/review";
import "../../words/sessions";

const EventCard = part<{ id: string; looksOn: boolean }>(() => import("../calendar/EventCard").then((file) => file.EventCard), () => <Skeleton lines={6} />);

/** What a LIVE needs before it goes on air: its name, its products in their order, its script. */
export function Plan() {
  const { sessionId } = useParams({ from: "/live/$sessionId/plan" });
  const session = useSession(sessionId);
  useTitle(session.data?.title ?? "");
  return (
    <Shell session={sessionId}>
      {session.isPending && <Skeleton lines={10} />}
      {session.data && <Page session={session.data} />}
      {!session.data && session.error && <SessionProblem error={session.error} retry={() => void session.refetch()} />}
    </Shell>
  );
}

function Page({ session }: { session: Session }) {
  const over = session.state === "ended";
  return (
    <>
      <Head session={session} />
      {over && <Banner>{t("plan.over")}</Banner>}
      {session.state === "practice" && <Banner>{t("plan.practising")}</Banner>}
      <div className="plan">
        <div className="plan-main">
          <Products session={session} />
          <Card title={t("plan.script")}><Script session={session} /></Card>
        </div>
        <div className="plan-side">
          {!over && <Checklist session={session} />}
          {session.event_id && <EventCard id={session.event_id} looksOn={false} />}
          {!over && (
            <Card title={t("plan.link")}><ViewersLink sessionId={session.session_id} open={session.state === "live"} /></Card>
          )}
          <Facts session={session} />
        </div>
      </div>
    </>
  );
}

function Head({ session }: { session: Session }) {
  const navigate = useNavigate();
  const [leaving, setLeaving] = useState(false);
  const params = { sessionId: session.session_id };
  return (
    <header className="page-header plan-head">
      <Steps session={session} here="plan" />
      <div className="page-head">
        <div className="page-title">
          <Title session={session} />
          <SessionBadges session={session} />
        </div>
        <div className="page-actions">
          {session.state === "prepared" && !session.event_id && (
            <Button kind="quiet" icon={<Trash aria-hidden />} onPress={() => setLeaving(true)}>{t("sessions.delete")}</Button>
          )}
          {session.state === "ended" ? (
            <Link to="/live/$sessionId/review" params={params} look="button-primary">{t("sessions.review")}</Link>
          ) : (
            <Link to="/live/$sessionId/air" params={params} look="button-primary">{t("plan.air")}</Link>
          )}
        </div>
      </div>
      {leaving && (
        <DeleteSession session={session} onClose={() => setLeaving(false)} onDeleted={() => void navigate({ to: "/live" })} />
      )}
    </header>
  );
}

function Facts({ session }: { session: Session }) {
  const me = useMe().data;
  const account = me?.accounts.find((one) => one.account_id === session.account_id)?.name;
  const shop = me?.shops.find((one) => one.shop_id === session.shop_id)?.name;
  return (
    <Card title={t("plan.facts")}>
      <KeyValue
        items={[
          { name: t("plan.account"), value: account ?? DASH },
          { name: t("plan.shop"), value: shop ?? DASH },
          { name: t("plan.currency"), value: session.currency },
          { name: t("plan.opened"), value: session.open_time ? moment(session.open_time) : DASH },
        ]}
      />
    </Card>
  );
}
