import { expect, it } from "vitest";
import { type Area, areasFor } from "./areas";

const icon = () => null;
const AREAS: Area[] = [
  { id: "live", name: "nav.live", icon, pages: [{ to: "/live", name: "nav.all" }] },
  { id: "analytics", name: "nav.analytics", icon, pages: [{ to: "/analytics", name: "nav.videos", for: ["shop", "creator"] }] },
];

it("gives each kind of work its pages, and no area without one", () => {
  expect(areasFor("shop", AREAS).map((area) => area.id)).toEqual(["live", "analytics"]);
  expect(areasFor("partner", AREAS).map((area) => area.id)).toEqual(["live"]);
});
