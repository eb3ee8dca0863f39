import type { ReactNode } from "react";
import { useTitle } from "../../lib/title";
import { useMe } from "../../api/queries";
import { OnePlace } from "../../app/OnePlace";
import { useSeats } from "../../app/seats";
import { t } from "../../i18n";
import { EmptyState } from "../../ui/EmptyState";
import { ProblemNote } from "../../ui/Notes";
import { PageHeader } from "../../ui/PageHeader";
import { Shell } from "../../app/Shell";
import { Skeleton } from "../../ui/Skeleton";
import { type Place, usePlace } from "./place";
import "./settings.css";

interface Props {
  title: string;
  about: (place: Place) => string;
  actions?: (place: Place) => ReactNode;
  children: (place: Place) => ReactNode;
}

/** The frame of a page of settings: it waits until it is known for whom they hold. */
export function Frame({ title, about, actions, children }: Props) {
  const me = useMe();
  const place = usePlace();
  const { seats, isPending } = useSeats();
  const isNowhere = me.data !== undefined && !isPending && seats.length === 0;
  useTitle(title);
  return (
    <Shell>
      <div className="settings">
        <PageHeader title={title} facts={place && <p className="muted">{about(place)}</p>} actions={place && actions?.(place)} />
        {place && <OnePlace place={`${place.field.replace("_id", "")}:${place.id}`} />}
        {!place && !me.error && !isNowhere && <Skeleton lines={6} />}
        {me.error && <ProblemNote error={me.error} retry={() => void me.refetch()} />}
        {isNowhere && <EmptyState title={t("settings.nowhere")} />}
        {place && children(place)}
      </div>
    </Shell>
  );
}
