import { expect, it } from "vitest";
import { Problem } from "../../api/client";
import type { Patch } from "../../api/products";
import type { Product } from "../../api/types";
import { Conflict, patchOf, save, writtenOf } from "./saving";

const TEAPOT: Product = {
  product_id: "p", shop_id: "s", reference: "T-1", title: "Teapot", category: "Kitchen", price: { minor: 1900, currency: "EUR" }, version: 4,
};

/** A service that has `now`; tells what was kept. */
function service(now: Product) {
  const kept: Patch[] = [];
  return {
    kept,
    get: async () => now,
    update: async (_id: string, patch: Patch, version: number) => {
      if (version !== now.version) throw new Problem(412, "VERSION_CONFLICT", "");
      kept.push(patch);
      return { product: { ...now, ...patch, version: version + 1 } as Product };
    },
  };
}

it("names what changed, and nothing else", () => {
  const wanted = { ...writtenOf(TEAPOT), price: { minor: 1900, currency: "EUR" }, stock: 3, label: "new" };
  expect(patchOf(TEAPOT, wanted)).toEqual({ stock: 3, label: "new" });
});

it("saves although somebody changed another field", async () => {
  const calls = service({ ...TEAPOT, title: "Large teapot", version: 5 });
  const saved = await save(TEAPOT, { stock: 3 }, calls);
  expect(saved).toMatchObject({ title: "Large teapot", stock: 3 });
  expect(calls.kept).toEqual([{ stock: 3 }]);
});

it("keeps nothing where somebody changed the same field, and tells what is there", async () => {
  const calls = service({ ...TEAPOT, price: { minor: 2100, currency: "EUR" }, version: 5 });
  const refused = await save(TEAPOT, { price: { minor: 1500, currency: "EUR" } }, calls).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(Conflict);
  expect((refused as Conflict).fields).toEqual(["price"]);
  expect((refused as Conflict).current.price.minor).toBe(2100);
  expect(calls.kept).toEqual([]);
});

it("lets any other refusal through", async () => {
  const calls = { ...service(TEAPOT), update: () => Promise.reject(new Problem(403, "PERMISSION", "")) };
  await expect(save(TEAPOT, { stock: 1 }, calls)).rejects.toMatchObject({ code: "PERMISSION" });
});
