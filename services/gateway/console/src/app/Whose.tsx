import { useNavigate, useSearch } from "@tanstack/react-router";
import Narrowed from "lucide-react/icons/list-filter";
import { useEffect } from "react";
import { t } from "../i18n";
import { Button } from "../ui/Button";
import { MOST, useScope } from "./scope";
import { ALL, type Seat, taken, useSeats } from "./seats";
import "./whose.css";

export const nameOf = (seat: Seat) => [seat.name, seat.account].filter(Boolean).join(" · ");

/** Whose LIVEs a page shows, where somebody has several places: said, kept in the address, and one press from all of them. */
export function Whose() {
  const { seats, seat, choose } = useSeats();
  const { accounts } = useScope();
  const usual = taken(seats, "")?.id;
  useAddress(seats.length > 1 && seat && seat.id !== usual ? seat.id : undefined, seat !== undefined);
  if (seats.length < 2 || !seat || seat.id === ALL) return null;
  return (
    <p className="whose small">
      <Narrowed size={16} aria-hidden />
      <span>{t("whose.only", { name: nameOf(seat) })}</span>
      {accounts.length > MOST && <span className="muted">{t("whose.cut", { n: MOST })}</span>}
      {seats[0]!.id === ALL && <Button kind="quiet" small onPress={() => choose(ALL)}>{t("whose.all")}</Button>}
    </p>
  );
}

/** A link that is copied leads whoever opens it to the same place. */
function useAddress(place: string | undefined, known: boolean): void {
  const asked = useSearch({ strict: false }).for;
  const navigate = useNavigate();
  useEffect(() => {
    if (known && asked !== place) void navigate({ to: ".", search: (before) => ({ ...before, for: place }), replace: true });
  }, [asked, known, navigate, place]);
}
