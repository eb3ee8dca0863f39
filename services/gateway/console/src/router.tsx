// Routes live behind the hash, so that the gateway serves one static page from any prefix.

import { createHashHistory, createRootRoute, createRoute, createRouter, lazyRouteComponent, Link, Outlet } from "@tanstack/react-router";
import { EmptyNote, ProblemNote } from "./ui/Notes";
import { Notices } from "./ui/notices";
import { Shell } from "./ui/Shell";
import { t } from "./i18n";

const root = createRootRoute({
  component: () => (
    <>
      <Outlet />
      <Notices />
    </>
  ),
  notFoundComponent: () => (
    <Shell>
      <EmptyNote title={t("not-found")}>
        <Link to="/">{t("not-found.start")}</Link>
      </EmptyNote>
    </Shell>
  ),
  errorComponent: ({ error, reset }) => <ProblemNote error={error} retry={reset} />,
});

const text = (value: unknown) => (typeof value === "string" ? value : undefined);

/** How a viewer may say that they came here. */
const CHANNELS = ["feed", "promoted", "following", "search", "shop", "profile", "share"];

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (search: Record<string, unknown>): { link?: string; next?: string } => ({
    link: text(search["link"]),
    next: text(search["next"]),
  }),
  component: lazyRouteComponent(() => import("./screens/SignIn"), "SignIn"),
});

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  component: lazyRouteComponent(() => import("./screens/sessions/Sessions"), "Sessions"),
});

const session = createRoute({
  getParentRoute: () => root,
  path: "/session/$sessionId",
  validateSearch: (search: Record<string, unknown>): { own?: boolean; camera?: boolean } => ({
    own: search["own"] === true || undefined,
    camera: search["camera"] === true || undefined,
  }),
  component: lazyRouteComponent(() => import("./screens/session/SessionPage"), "SessionPage"),
});

const board = createRoute({
  getParentRoute: () => root,
  path: "/board/$sessionId",
  component: lazyRouteComponent(() => import("./screens/board/BoardPage"), "BoardPage"),
});

const analytics = createRoute({
  getParentRoute: () => root,
  path: "/analytics",
  component: lazyRouteComponent(() => import("./screens/analytics/Videos"), "Videos"),
});

const details = createRoute({
  getParentRoute: () => root,
  path: "/analytics/$sessionId",
  component: lazyRouteComponent(() => import("./screens/analytics/Details"), "Details"),
});

const watchList = createRoute({
  getParentRoute: () => root,
  path: "/watch",
  component: lazyRouteComponent(() => import("./screens/watch/WatchList"), "WatchList"),
});

const watch = createRoute({
  getParentRoute: () => root,
  path: "/watch/$sessionId",
  validateSearch: (search: Record<string, unknown>): { channel?: string } => ({
    channel: CHANNELS.find((one) => one === search["channel"]),
  }),
  component: lazyRouteComponent(() => import("./screens/watch/WatchPage"), "WatchPage"),
});

export const router = createRouter({
  routeTree: root.addChildren([signIn, home, session, board, analytics, details, watchList, watch]),
  history: createHashHistory(),
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
