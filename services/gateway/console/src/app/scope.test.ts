import { expect, it } from "vitest";
import type { Me } from "../api/types";
import { scopeOf } from "./scope";
import { NOBODY, seatsOf, withAll } from "./seats";

const account = (id: string, more: object) => ({ account_id: id, name: id, kind: "official", ...more });
const me: Me = {
  user: { user_id: "u", name: "Robin" },
  shops: [{ shop_id: "s", name: "One", role: "owner" }, { shop_id: "t", name: "Two", role: "owner" }, { shop_id: "empty", name: "Three", role: "owner" }],
  accounts: [account("a", { shop_id: "s" }), account("b", { shop_id: "s", creator_id: "c" }), account("d", { shop_id: "t" }), account("granted", {})],
};
const others = { creators: [{ creator_id: "c", name: "Ana", role: "owner" }], partners: [{ partner_id: "p", name: "Agency", role: "staff" }] };
const seats = withAll(seatsOf(me, others));
const idsOf = (seat: string, partners: Me["accounts"] = []) => scopeOf(me, seats, seats.find((one) => one.id === seat), partners).account_ids;

it("narrows to the accounts of the place that is taken", () => {
  expect(idsOf("all")).toBeUndefined();
  expect(idsOf("shop:s")).toEqual(["a", "b"]);
  expect(idsOf("shop:s/b")).toEqual(["b"]);
  expect(idsOf("creator:c")).toEqual(["b"]);
  expect(idsOf("partner:p", [account("x", { creator_id: "y" })])).toEqual(["x"]);
});

it("asks for nothing where a place has no account", () => {
  expect(idsOf("shop:empty")).toEqual(["00000000-0000-0000-0000-000000000000"]);
});

it("asks for no more accounts than the API takes", () => {
  const many = Array.from({ length: 250 }, (_, n) => account(`x${n}`, {}));
  expect(idsOf("partner:p", many)).toHaveLength(200);
});

it("shows who has one place what was granted beside it", () => {
  const one = { ...me, shops: me.shops.slice(0, 1) };
  const [seat] = seatsOf({ ...one, accounts: [me.accounts[0]!] }, NOBODY);
  const scope = scopeOf(one, [seat!], seat, []);
  expect(scope.account_ids).toBeUndefined();
  expect(scope.accounts).toHaveLength(4);
});
