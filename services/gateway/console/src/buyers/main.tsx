// First, because tokens.css says in which order the layers of the parts' css hold.
import "../styles/tokens.css";
import "../styles/base.css";
import "../styles/parts.css";
import "../styles/screens.css";
import "../styles/desk.css";
import "../i18n/buyers";
import { MutationCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { base } from "../lib/base";
import { startTheme } from "../lib/theme";
import { Notices, notifyProblem } from "../ui/notices";
import { roomOf, usePath } from "./paths";
import { WatchList } from "./WatchList";
import { WatchPage } from "./WatchPage";

const client = new QueryClient({
  mutationCache: new MutationCache({
    onError: (error, _variables, _result, { meta }) => {
      if (!meta?.["toldInPlace"]) notifyProblem(error);
    },
  }),
  defaultOptions: { queries: { retry: false, staleTime: 2_000, refetchOnWindowFocus: true } },
});

function Pages() {
  const room = roomOf(usePath());
  return (
    <>
      {room ? <WatchPage key={room} sessionId={room} /> : <WatchList />}
      <Notices />
    </>
  );
}

startTheme();
const shared = /^#\/(watch.*)$/.exec(location.hash)?.[1];
if (shared) location.replace(base + shared);
else
  createRoot(document.getElementById("root")!).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <Pages />
      </QueryClientProvider>
    </StrictMode>,
  );
