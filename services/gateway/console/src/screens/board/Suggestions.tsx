import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { Problem } from "../../api/client";
import { keys, type Registry, useBoard, useProductNames, useSuggestions } from "../../api/queries";
import type { Suggestion } from "../../api/types";
import { t } from "../../i18n";
import { change, minute } from "../../lib/format";
import { useThrottled } from "../../lib/throttle";
import { EmptyState } from "../../ui/EmptyState";
import { ProblemNote } from "../../ui/Notes";
import { Skeleton } from "../../ui/Skeleton";
import { Badge } from "../../ui/Badge";

const READ_AGAIN_MS = 10_000;

export interface SuggestionsProps {
  sessionId: string;
  metrics: Registry;
}

/** What the host might do now. Read again when the board has moved, not more often than the advice can change. */
export function Suggestions({ sessionId, metrics }: SuggestionsProps) {
  const list = useSuggestions(sessionId);
  const cache = useQueryClient();
  const moved = useThrottled(useBoard(sessionId).dataUpdatedAt, READ_AGAIN_MS);
  useEffect(() => void cache.invalidateQueries({ queryKey: keys.suggestions(sessionId) }), [cache, sessionId, moved]);
  const names = useProductNames(sessionId);

  if (list.isPending) return <Skeleton />;
  if (list.error instanceof Problem && list.error.status === 404) return <EmptyState title={t("suggestions.unknown")} />;
  if (list.error) return <ProblemNote error={list.error} retry={() => void list.refetch()} />;
  if (list.data.suggestions.length === 0) {
    return (
      <EmptyState title={t("suggestions.none")}>
        <p className="muted small">{t("suggestions.none-hint")}</p>
      </EmptyState>
    );
  }
  return (
    <ul className="suggestions">
      {list.data.suggestions.map((one) => (
        <Line
          key={`${one.rule}${one.product_id ?? ""}${one.from_time}`}
          suggestion={one}
          metrics={metrics}
          product={names.get(one.product_id ?? "")}
        />
      ))}
    </ul>
  );
}

interface LineProps {
  suggestion: Suggestion;
  metrics: Registry;
  product: string | undefined;
}

function Line({ suggestion, metrics, product }: LineProps) {
  const { title, advice, from_time, until_time } = suggestion;
  return (
    <li className="suggestion">
      <p className="suggestion-head">
        <strong>{title}</strong>
        {product && <span className="muted small">{product}</span>}
        <time dateTime={from_time} className="muted small tabular">
          {t("suggestions.time", { from: minute(from_time), until: minute(until_time) })}
        </time>
      </p>
      <p>{advice}</p>
      <p className="cell-badges">
        {suggestion.metrics.map((name, place) => (
          <Badge key={name}>
            {metrics.get(name)?.title ?? name}
            {place === 0 && suggestion.change != null && ` ${change(suggestion.change)}`}
          </Badge>
        ))}
      </p>
    </li>
  );
}
