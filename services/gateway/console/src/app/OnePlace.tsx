import { t } from "../i18n";
import { Select } from "../ui/Select";
import { ALL, useSeats } from "./seats";
import "./whose.css";

/** On a page that is about one place, while somebody looks at all of theirs: which place it is, and how to take another. */
export function OnePlace({ work, place }: { work?: "shop"; place: string }) {
  const { seats, seat, choose } = useSeats();
  const places = seats.filter((one) => one.id !== ALL && one.account === undefined && (!work || one.work === work));
  if (seat?.id !== ALL || places.length < 2) return null;
  return (
    <div className="whose">
      <Select
        label={t("whose.place")}
        hideLabel
        value={place}
        onChange={choose}
        choices={places.map((one) => ({ id: one.id, text: one.name }))}
      />
    </div>
  );
}
