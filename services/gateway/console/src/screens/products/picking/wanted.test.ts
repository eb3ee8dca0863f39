import { expect, it } from "vitest";
import type { Product } from "../../../api/types";
import { requestsOf, sizeOf, type Wanted, without } from "./wanted";

const product = (id: string, collab_invite = ""): [string, Product] => [
  id, { product_id: id, shop_id: "s", reference: id, title: id, category: "", price: { minor: 1, currency: "EUR" }, collab_invite },
];

const WANTED: Wanted = {
  showcase: new Map([product("a"), product("b")]),
  sets: [{ product_set_id: "set-1", name: "Teas", product_ids: ["b", "c", "d"] }],
  invited: new Map([product("e", "i-1")]),
  invites: "i-1 i-2\n",
  links: "https://a.example/1\nhttps://a.example/1",
};

it("counts each product once, and none that is in the bag", () => {
  expect(sizeOf(WANTED, new Set(["c"]))).toBe(4 + 2 + 1);
});

it("asks each source once, and leaves out what was not chosen", () => {
  expect(requestsOf(WANTED)).toEqual([
    { source: "showcase", references: ["a", "b"] },
    { source: "set", references: ["set-1"] },
    { source: "collab", references: ["i-1", "i-2"] },
    { source: "link", references: ["https://a.example/1"] },
  ]);
  const rest = (["showcase", "set", "collab"] as const).reduce(without, WANTED);
  expect(requestsOf(rest).map((one) => one.source)).toEqual(["link"]);
  expect(requestsOf(without(rest, "link"))).toEqual([]);
});
