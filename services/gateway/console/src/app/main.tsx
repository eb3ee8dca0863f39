// First, because tokens.css says in which order the layers of the parts' css hold.
import "../styles/tokens.css";
import "../styles/base.css";
import "../styles/parts.css";
import "../styles/screens.css";
import "../styles/board.css";
import "../styles/desk.css";
import "../i18n/console";
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { I18nProvider } from "react-aria-components";
import { createRoot } from "react-dom/client";
import { Problem } from "../api/client";
import { regional } from "../i18n/locale";
import { startTheme } from "../lib/theme";
import { isTold } from "../live/outbox";
import { signInRanOut } from "../live/signedOut";
import { arrive } from "./links";
import { router } from "./router";
import { notifyProblem } from "../ui/notices";

/** A session cookie that has run out leads to the sign-in page, and back afterwards. */
function onProblem(error: unknown): void {
  const { pathname, searchStr } = router.state.location;
  if (!(error instanceof Problem) || error.status !== 401) return;
  // A page on air asks where it is: nobody is led away from a LIVE.
  if (pathname === "/sign-in" || signInRanOut()) return;
  void router.navigate({ to: "/sign-in", search: { next: pathname + searchStr } });
}

const client = new QueryClient({
  queryCache: new QueryCache({ onError: onProblem }),
  mutationCache: new MutationCache({
    onError: (error, _variables, _result, { meta }) => {
      onProblem(error);
      if (!meta?.["toldInPlace"] && !isTold(error)) notifyProblem(error);
    },
  }),
  defaultOptions: {
    queries: {
      // The client itself resends what cannot be reached; a refusal stays a refusal.
      retry: false,
      staleTime: 2_000,
      refetchOnWindowFocus: true,
    },
  },
});

startTheme();
// Before the first render, because the router reads the address then.
if (!arrive()) {
  createRoot(document.getElementById("root")!).render(
    <StrictMode>
      <I18nProvider locale={regional}>
        <QueryClientProvider client={client}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </I18nProvider>
    </StrictMode>,
  );
}
