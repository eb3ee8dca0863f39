// First, because tokens.css says in which order the layers of the parts' css hold.
import "../styles/tokens.css";
import "../styles/base.css";
import "../ui/Avatar.css";
import "../ui/Skeleton.css";
import "./buyers.css";
import "./goods.css";
import "./room.css";
import "./sheets.css";
import "../i18n/buyers";
import { createRoot } from "react-dom/client";
import { base } from "../lib/base";
import { startTheme } from "../lib/theme";
import { roomOf } from "./paths";
import { Toasts } from "./toasts";
import { WatchList } from "./WatchList";
import { WatchPage } from "./WatchPage";

function Pages() {
  const room = roomOf(location.pathname);
  return (
    <>
      {room ? <WatchPage sessionId={room} /> : <WatchList />}
      <Toasts />
    </>
  );
}

startTheme();
const shared = /^#\/(watch.*)$/.exec(location.hash)?.[1];
if (shared) location.replace(base + shared);
else createRoot(document.getElementById("root")!).render(<Pages />);
