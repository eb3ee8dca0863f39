// What stands in the rail. An area is shown once it has a page; a page is one line.

import CalendarDays from "lucide-react/icons/calendar-days";
import ChartColumn from "lucide-react/icons/chart-column";
import House from "lucide-react/icons/house";
import Package from "lucide-react/icons/package";
import Radio from "lucide-react/icons/radio";
import Settings from "lucide-react/icons/settings";
import Users from "lucide-react/icons/users";
import type { ComponentType } from "react";
import type { Key } from "../i18n";
import type { LinkProps } from "@tanstack/react-router";

/** As whom somebody works: for a shop, as a creator, or for a partner (an agency). */
export type Work = "shop" | "creator" | "partner";

export interface Page {
  to: LinkProps["to"] & string;
  name: Key;
  for?: readonly Work[]; // everybody, when it does not say
}

export interface Area {
  id: string;
  name: Key;
  icon: ComponentType<{ size?: number; "aria-hidden"?: boolean }>;
  /** Where the area opens; its first page, when it does not say. */
  opens?: Page["to"];
  pages: readonly Page[];
}

const SELLERS: readonly Work[] = ["shop", "creator"];

export const AREAS: readonly Area[] = [
  { id: "home", name: "home", icon: House, pages: [{ to: "/", name: "home", for: SELLERS }] },
  {
    id: "live",
    name: "nav.live",
    icon: Radio,
    opens: "/live",
    pages: [
      { to: "/live/calendar", name: "nav.calendar", for: SELLERS },
      { to: "/live", name: "nav.all", for: SELLERS },
      { to: "/live/on-air", name: "nav.on-air", for: SELLERS },
      { to: "/live/past", name: "nav.past", for: SELLERS },
    ],
  },
  { id: "sessions", name: "nav.videos", icon: Radio, pages: [{ to: "/live", name: "nav.videos", for: ["partner"] }] },
  { id: "calendar", name: "nav.calendar", icon: CalendarDays, pages: [{ to: "/live/calendar", name: "nav.calendar", for: ["partner"] }] },
  { id: "creators", name: "nav.creators", icon: Users, pages: [{ to: "/agency/creators", name: "nav.creators", for: ["partner"] }] },
  {
    id: "products",
    name: "nav.products",
    icon: Package,
    pages: [
      { to: "/products", name: "nav.catalogue", for: ["shop"] },
      { to: "/products/sets", name: "sets", for: ["shop"] },
      { to: "/products/collabs", name: "collabs", for: ["shop", "creator"] },
    ],
  },
  {
    id: "analytics",
    name: "nav.analytics",
    icon: ChartColumn,
    pages: [
      { to: "/analytics", name: "analytics.overview", for: SELLERS },
      { to: "/analytics/sessions", name: "nav.videos", for: SELLERS },
      { to: "/analytics/products", name: "analytics.products", for: ["shop"] },
    ],
  },
  {
    id: "settings",
    name: "nav.settings",
    icon: Settings,
    pages: [
      { to: "/settings/team", name: "team" },
      { to: "/settings/grants", name: "grants", for: SELLERS },
      { to: "/settings/integrations", name: "integrations", for: SELLERS },
    ],
  },
];

/** The areas of a rail, each with the pages that this work has; none without a page. */
export function areasFor(work: Work, areas = AREAS): Area[] {
  const own = areas.map((area) => ({ ...area, pages: area.pages.filter((page) => page.for?.includes(work) ?? true) }));
  return own.filter((area) => area.pages.length > 0);
}
