import { expect, it } from "vitest";
import type { Me } from "../api/types";
import { ALL, NOBODY, seatsOf, taken, withAll } from "./seats";

const me = (accounts: number): Me => ({
  user: { user_id: "u", name: "Robin" },
  shops: [{ shop_id: "s", name: "Corner shop", role: "owner" }],
  accounts: Array.from({ length: accounts }, (_, n) => ({
    account_id: `a${n}`, name: `Account ${n}`, shop_id: "s", kind: "official", role: n ? "host" : null,
  })),
});

it("gives a shop with one account one seat", () => {
  expect(seatsOf(me(1), NOBODY).map((one) => one.id)).toEqual(["shop:s"]);
});

it("gives each of several accounts a seat with its own role", () => {
  expect(seatsOf(me(2), NOBODY).map(({ id, role }) => [id, role])).toEqual([
    ["shop:s", "owner"], ["shop:s/a0", "owner"], ["shop:s/a1", "host"],
  ]);
});

it("gives a seat to who belongs to a creator or a partner, not to who only sees them", () => {
  const others = {
    creators: [{ creator_id: "c", name: "Ana", role: "owner" }, { creator_id: "d", name: "Zoe" }],
    partners: [{ partner_id: "p", name: "Agency", role: "staff" }],
  };
  expect(seatsOf({ ...me(0), shops: [] }, others).map(({ id, work }) => [id, work])).toEqual([
    ["creator:c", "creator"], ["partner:p", "partner"],
  ]);
});

it("offers all places at once to who has several, but agencies only one by one", () => {
  const [shop, second] = [seatsOf(me(1), NOBODY)[0]!, { ...seatsOf(me(1), NOBODY)[0]!, id: "shop:t" }];
  const agency = { id: "partner:p", work: "partner" as const, name: "Agency", role: "owner" };
  expect(withAll([shop]).map((one) => one.id)).toEqual(["shop:s"]);
  expect(withAll([shop, second]).map((one) => one.id)).toEqual([ALL, "shop:s", "shop:t"]);
  expect(withAll([agency, { ...agency, id: "partner:q" }]).map((one) => one.id)).toEqual(["partner:p", "partner:q"]);
  expect(taken(withAll([shop, agency]), "")?.id).toBe("shop:s");
  expect(taken(withAll([shop, second, agency]), "")?.id).toBe(ALL);
  expect(taken(withAll([shop, agency]), "partner:p")?.id).toBe("partner:p");
  expect(taken(withAll([shop, agency]), "shop:gone")?.id).toBe("shop:s");
});
