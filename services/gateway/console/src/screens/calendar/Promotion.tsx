import { useMutation, useQueryClient } from "@tanstack/react-query";
import Download from "lucide-react/icons/download";
import X from "lucide-react/icons/x";
import { type FormEvent, useState } from "react";
import { codeFile, eventKeys, type EventPatch, events, type LiveEvent } from "../../api/events";
import { t } from "../../i18n";
import { base } from "../../lib/base";
import { Button } from "../../ui/Button";
import { CopyField } from "../../ui/CopyField";
import { IconButton } from "../../ui/IconButton";
import { ExternalLink } from "../../ui/Link";
import { part } from "../../ui/part";
import { Switch } from "../../ui/Switch";
import { TextField } from "../../ui/TextField";
import { isTeaser, MOST_TEASERS } from "./rules";

const Code = part<{ address: string }>(() => import("../../ui/ViewersCode").then((file) => file.ViewersCode), () => <span className="viewers-code" />);

/** Where people register for an event. */
export const eventPage = (id: string) => `${location.origin}${base}e/${encodeURIComponent(id)}`;

/** How an event is made known: its address, its code, its teasers, its link on the account's videos. */
export function Promotion({ event, readOnly }: { event: LiveEvent; readOnly: boolean }) {
  const cache = useQueryClient();
  const address = eventPage(event.event_id);
  const change = useMutation({
    mutationFn: (patch: EventPatch) => events.update(event.event_id, patch),
    onSuccess: ({ event: now }) => cache.setQueryData(eventKeys.one(now.event_id), now),
  });
  const wanted = change.isPending ? change.variables.recommend_on_videos : undefined;
  return (
    <section className="event-part" aria-labelledby="event-promotion">
      <h3 id="event-promotion">{t("promotion")}</h3>
      <CopyField label={t("promotion.address")} text={address} />
      <div className="event-code">
        <Code address={address} />
        <div className="stack">
          <p className="muted small">{t("promotion.code-hint")}</p>
          <span className="row">
            {(["png", "svg"] as const).map((kind) => (
              <a key={kind} className="button button-secondary button-small" href={codeFile(event.event_id, kind)} download>
                <Download size={14} aria-hidden /> {t(`promotion.code-${kind}`)}
              </a>
            ))}
          </span>
        </div>
      </div>
      <Switch
        isSelected={wanted ?? event.recommend_on_videos ?? false}
        isDisabled={readOnly}
        hint={t("promotion.recommend-hint")}
        onChange={(recommend_on_videos) => change.mutate({ recommend_on_videos })}
      >
        {t("promotion.recommend")}
      </Switch>
      <Teasers urls={event.teaser_urls ?? []} readOnly={readOnly} onChange={(urls) => change.mutateAsync({ teasers: { urls } })} />
    </section>
  );
}

function Teasers({ urls, readOnly, onChange }: { urls: readonly string[]; readOnly: boolean; onChange: (urls: string[]) => Promise<unknown> }) {
  const [text, setText] = useState("");
  const address = text.trim();
  const problem = address && !isTeaser(address) ? t("promotion.teaser-https") : urls.includes(address) ? t("promotion.teaser-twice") : undefined;
  const submit = (form: FormEvent) => {
    form.preventDefault();
    if (address && !problem) void onChange([...urls, address]).then(() => setText(""), () => undefined);
  };
  return (
    <div className="event-teasers">
      <h4>{t("promotion.teasers")}</h4>
      <p className="muted small">{t("promotion.teasers-hint")}</p>
      <ul>
        {urls.map((one) => (
          <li key={one} className="event-teaser">
            <ExternalLink href={one}>{one.replace(/^https:\/\//, "")}</ExternalLink>
            {!readOnly && (
              <IconButton small label={t("promotion.teaser-remove", { address: one })} icon={<X aria-hidden />} onPress={() => onChange(urls.filter((other) => other !== one)).catch(() => undefined)} />
            )}
          </li>
        ))}
      </ul>
      {!readOnly && urls.length < MOST_TEASERS && (
        <form className="event-teaser-new" onSubmit={submit} noValidate>
          <TextField label={t("promotion.teaser")} type="url" placeholder="https://" value={text} problem={problem} onChange={setText} />
          <Button type="submit" isDisabled={!address || problem !== undefined}>{t("promotion.teaser-add")}</Button>
        </form>
      )}
    </div>
  );
}
