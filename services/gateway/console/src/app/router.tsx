// Real paths. The gateway answers every one of them with the same page.

import { createBrowserHistory, createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from "@tanstack/react-router";
import { base } from "../lib/base";
import { placeOf } from "../screens/calendar/place";
import { filtersOf } from "../screens/live/filters";
import { Notices } from "../ui/notices";
import { Commands } from "./Commands";
import { Failed } from "./Lost";

const root = createRootRoute({
  // The place that is taken in the switcher; links.ts reads it when somebody arrives.
  validateSearch: (search: Record<string, unknown>): { for?: string } => ({
    for: typeof search["for"] === "string" ? search["for"] : undefined,
  }),
  component: () => (
    <>
      <Outlet />
      <Notices />
      <Commands />
    </>
  ),
  notFoundComponent: lazyRouteComponent(() => import("./NotFound"), "NotFound"),
  errorComponent: Failed,
});

const getParentRoute = () => root;

const signIn = createRoute({
  getParentRoute,
  path: "/sign-in",
  validateSearch: (search: Record<string, unknown>): { next?: string } => ({
    next: typeof search["next"] === "string" ? search["next"] : undefined,
  }),
  component: lazyRouteComponent(() => import("../screens/sign-in/SignIn"), "SignIn"),
});

const home = createRoute({
  getParentRoute,
  path: "/",
  component: lazyRouteComponent(() => import("../screens/home/Home"), "Home"),
});

const list = () => import("../screens/live/Sessions");
const live = createRoute({ getParentRoute, path: "/live", validateSearch: filtersOf, component: lazyRouteComponent(list, "Sessions") });
const onAir = createRoute({ getParentRoute, path: "/live/on-air", validateSearch: filtersOf, component: lazyRouteComponent(list, "OnAir") });
const past = createRoute({ getParentRoute, path: "/live/past", validateSearch: filtersOf, component: lazyRouteComponent(list, "Past") });

const calendar = createRoute({
  getParentRoute,
  path: "/live/calendar",
  validateSearch: placeOf,
  component: lazyRouteComponent(() => import("../screens/calendar/Calendar"), "Calendar"),
});

const step = createRoute({
  getParentRoute,
  path: "/live/$sessionId",
  component: lazyRouteComponent(() => import("../screens/live/Step"), "Step"),
});

const desk = () => import("../screens/air/SessionPage");
const plan = createRoute({
  getParentRoute,
  path: "/live/$sessionId/plan",
  component: lazyRouteComponent(() => import("../screens/plan/Plan"), "Plan"),
});

const air = createRoute({
  getParentRoute,
  path: "/live/$sessionId/air",
  validateSearch: (search: Record<string, unknown>): { own?: boolean; camera?: boolean } => ({
    own: search["own"] === true || undefined,
    camera: search["camera"] === true || undefined,
  }),
  component: lazyRouteComponent(desk, "SessionPage"),
});

const looking = () => import("../screens/review/Review");
const review = createRoute({ getParentRoute, path: "/live/$sessionId/review", component: lazyRouteComponent(looking, "Review") });
const reviewTab = createRoute({ getParentRoute, path: "/live/$sessionId/review/$tab", component: lazyRouteComponent(looking, "Review") });

const board = createRoute({
  getParentRoute,
  path: "/live/$sessionId/board",
  component: lazyRouteComponent(() => import("../screens/board/BoardPage"), "BoardPage"),
});

const products = createRoute({
  getParentRoute,
  path: "/products",
  validateSearch: (search: Record<string, unknown>): { q?: string } => ({
    q: typeof search["q"] === "string" ? search["q"] : undefined,
  }),
  component: lazyRouteComponent(() => import("../screens/products/Catalogue"), "Catalogue"),
});

const sets = createRoute({
  getParentRoute,
  path: "/products/sets",
  validateSearch: (search: Record<string, unknown>): { id?: string } => ({
    id: typeof search["id"] === "string" ? search["id"] : undefined,
  }),
  component: lazyRouteComponent(() => import("../screens/products/sets/SetsPage"), "SetsPage"),
});

const collabs = createRoute({
  getParentRoute,
  path: "/products/collabs",
  component: lazyRouteComponent(() => import("../screens/products/collabs/CollabsPage"), "CollabsPage"),
});

const productImport = createRoute({
  getParentRoute,
  path: "/products/import",
  validateSearch: (search: Record<string, unknown>): { id?: string; step?: "columns" } => ({
    id: typeof search["id"] === "string" ? search["id"] : undefined,
    step: search["step"] === "columns" ? "columns" : undefined,
  }),
  component: lazyRouteComponent(() => import("../screens/products/import/ImportPage"), "ImportPage"),
});

const analytics = createRoute({
  getParentRoute,
  path: "/analytics",
  component: lazyRouteComponent(() => import("../screens/analytics/Overview"), "Overview"),
});

const videos = createRoute({
  getParentRoute,
  path: "/analytics/sessions",
  validateSearch: filtersOf,
  component: lazyRouteComponent(() => import("../screens/analytics/Videos"), "Videos"),
});

const sold = createRoute({
  getParentRoute,
  path: "/analytics/products",
  component: lazyRouteComponent(() => import("../screens/analytics/Products"), "Products"),
});

const settings = createRoute({
  getParentRoute,
  path: "/settings",
  beforeLoad: () => {
    throw redirect({ to: "/settings/team", replace: true });
  },
});

const team = createRoute({ getParentRoute, path: "/settings/team", component: lazyRouteComponent(() => import("../screens/settings/Team"), "Team") });
const grants = createRoute({ getParentRoute, path: "/settings/grants", component: lazyRouteComponent(() => import("../screens/settings/Grants"), "Grants") });

const integrations = createRoute({
  getParentRoute,
  path: "/settings/integrations",
  component: lazyRouteComponent(() => import("../screens/settings/Integrations"), "Integrations"),
});

const creators = createRoute({
  getParentRoute,
  path: "/agency/creators",
  component: lazyRouteComponent(() => import("../screens/agency/Creators"), "Creators"),
});

const design = createRoute({
  getParentRoute,
  path: "/design",
  component: lazyRouteComponent(() => import("../screens/design/Design"), "Design"),
});

export const router = createRouter({
  routeTree: root.addChildren([signIn, home, live, onAir, past, calendar, step, plan, air, review, reviewTab, board, products, sets, collabs, productImport, analytics, videos, sold, settings, team, grants, integrations, creators, design]),
  history: createBrowserHistory(),
  basepath: base,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
