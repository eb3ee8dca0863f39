import ChevronsUpDown from "lucide-react/icons/chevrons-up-down";
import { named, t } from "../i18n";
import { Button } from "../ui/Button";
import { Menu } from "../ui/Menu";
import { ALL, type Seat, type Seats } from "./seats";

const line = (seat: Seat) => [seat.account, named("role", seat.role, "")].filter(Boolean).join(" · ");
const text = (seat: Seat) => [seat.name, line(seat)].filter(Boolean).join(" · ");

function Place({ seat }: { seat: Seat }) {
  return (
    <span className="seat">
      <span className="seat-name">{seat.name}</span>{" "}
      {seat.id !== ALL && <span className="muted small">{line(seat)}</span>}
    </span>
  );
}

/** For whom somebody works just now; who has one place sees its name alone. */
export function Switcher({ seats, seat, choose }: Seats) {
  if (!seat) return null;
  if (seats.length === 1) return <Place seat={seat} />;
  return (
    <Menu
      label={t("seat.choose")}
      trigger={
        <Button kind="quiet" className="seat-button" aria-label={t("seat.current", { name: [seat.name, line(seat)].filter(Boolean).join(" ") })}>
          <Place seat={seat} />
          <ChevronsUpDown size={16} aria-hidden />
        </Button>
      }
      actions={seats.map((one) => ({ id: one.id, text: text(one), onAction: () => choose(one.id) }))}
    />
  );
}
