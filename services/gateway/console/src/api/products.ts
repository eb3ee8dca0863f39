// The catalogue of a shop: what the screens under Products read and change.

import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { call, type Query, url } from "./client";
import type { Categories, Import, ImportChange, ImportProblem, Money, Product, ProductPage, ProductSet } from "./types";
import { upload } from "./upload";

/** What of a product a person writes. */
export interface Written {
  title: string;
  category: string;
  price: Money;
  compare_at_price: Money | null;
  commission_bps: number;
  label: string;
  in_showcase: boolean;
  link: string;
  stock: number | null;
  image_id: string;
}

/** `collab_invite`: what a creator puts in to sell it; empty takes it back. */
export type Patch = Partial<Written & { collab_invite: string }>;

interface Kept {
  product: Product;
  position?: number;
}

const part = encodeURIComponent;
const shopAt = (shop: string, rest: string) => `/shops/${part(shop)}${rest}`;
const productAt = (id: string, rest = "") => `/products/${part(id)}${rest}`;
const importAt = (id: string, rest = "") => `/imports/${part(id)}${rest}`;

/** How far this window has written: lists wait until they hold it. */
let written = 0;

async function noting<T extends { position?: number }>(answer: Promise<T>): Promise<T> {
  const kept = await answer;
  written = Math.max(written, kept.position ?? 0);
  return kept;
}

const CLEARABLE = ["compare_at_price", "stock"] as const;

/** `null` empties a field. */
function bodyOf(patch: Patch): Record<string, unknown> {
  const cleared = CLEARABLE.filter((name) => patch[name] === null);
  const values = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== null));
  return cleared.length > 0 ? { ...values, cleared } : values;
}

const MOST_IDS = 200;

export const products = {
  list: (shop: string, query: Query) =>
    call<ProductPage>("GET", shopAt(shop, "/products"), { query: { ...query, min_position: written || undefined } }),
  /** The products of these ids, those that were archived with them. */
  byId: async (shop: string, ids: readonly string[]) => {
    const asked = { product_ids: [...new Set(ids)].slice(0, MOST_IDS), page_size: MOST_IDS };
    const pages = await Promise.all([products.list(shop, asked), products.list(shop, { ...asked, archived: true })]);
    return new Map(pages.flatMap((page) => page.products).map((one) => [one.product_id, one]));
  },
  categories: (shop: string, archived: boolean) =>
    call<Categories>("GET", shopAt(shop, "/product-categories"), { query: { archived: archived || undefined, min_position: written || undefined } }),
  get: async (id: string) => (await call<Kept>("GET", productAt(id))).product,
  create: (shop_id: string, reference: string, { compare_at_price, stock, ...rest }: Written, key: string) => {
    const product = { ...rest, reference, compare_at_price: compare_at_price ?? undefined, stock: stock ?? undefined };
    return noting(call<Kept>("POST", "/products", { body: { shop_id, product }, key }));
  },
  update: (id: string, patch: Patch, version: number) =>
    noting(call<Kept>("PATCH", productAt(id), { body: bodyOf(patch), version })),
  archive: (id: string) => noting(call<Kept>("POST", productAt(id, "/archive"), { body: {} })),
  restore: (id: string) => noting(call<Kept>("POST", productAt(id, "/restoration"), { body: {} })),
  uploadImage: (shop: string, file: Blob, onProgress: (share: number) => void) =>
    upload<{ image_id: string }>(shopAt(shop, "/images"), file, onProgress),
};

export const productSets = {
  create: (shop: string, name: string, product_ids: string[], key: string) =>
    noting(call<{ product_set: ProductSet; position?: number }>("POST", shopAt(shop, "/product-sets"), { body: { name, product_ids }, key })),
  save: (shop: string, { product_set_id, name, product_ids }: ProductSet) =>
    noting(call<{ product_set: ProductSet; position?: number }>("PUT", shopAt(shop, `/product-sets/${part(product_set_id)}`), { body: { name, product_ids } })),
  remove: (shop: string, id: string) => noting(call<{ position?: number }>("DELETE", shopAt(shop, `/product-sets/${part(id)}`))),
  list: async (shop: string) =>
    (await call<{ product_sets?: ProductSet[] }>("GET", shopAt(shop, "/product-sets"), { query: { min_position: written || undefined } })).product_sets ?? [],
};

export const imports = {
  /** `mapping`: which column fills which field, as `field:column`; none to have the columns recognised. */
  create: (shop: string, file: File, onProgress: (share: number) => void, mapping: string[] = []) =>
    upload<{ import: Import }>(shopAt(shop, "/imports"), file, onProgress, { kind: "catalogue", file_name: file.name.slice(-200), mapping }),
  list: (shop: string) => call<{ imports?: Import[] }>("GET", shopAt(shop, "/imports")),
  get: async (id: string) => (await noting(call<{ import: Import }>("GET", importAt(id)).then((answer) => ({ ...answer, position: answer.import.position })))).import,
  problems: (id: string, page_token: string) =>
    call<{ problems?: ImportProblem[]; next_page_token?: string }>("GET", importAt(id, "/problems"), { query: { page_token } }),
  changes: (id: string, page_token: string) =>
    call<{ changes?: ImportChange[]; next_page_token?: string }>("GET", importAt(id, "/changes"), { query: { page_token } }),
  apply: (id: string) => call<{ import: Import }>("POST", importAt(id, "/application"), { body: {} }),
  discard: (id: string) => call<{ import: Import }>("DELETE", importAt(id)),
};

/** Where a product's own picture lies; none for one at another address, from which nothing is loaded here. */
export const pictureOf = (product: Pick<Product, "image_id">, width: 96 | 480 | 1200 = 96): string | undefined =>
  product.image_id ? url(`/images/${part(product.image_id)}`, { width }) : undefined;

export const productKeys = {
  all: (shop: string) => ["shop", shop] as const,
  list: (shop: string, query: Query) => ["shop", shop, "catalogue", query] as const,
  import: (id: string) => ["import", id] as const,
};

export const useCatalogue = (shop: string, query: Query) =>
  useInfiniteQuery({
    queryKey: productKeys.list(shop, query),
    queryFn: ({ pageParam }) => products.list(shop, { ...query, page_token: pageParam, page_size: 50 }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_page_token || undefined,
    placeholderData: keepPreviousData,
    enabled: shop !== "",
  });

/** What a shop's products are sorted into, with how many each has. */
export const useCategories = (shop: string, archived: boolean) =>
  useQuery({
    queryKey: [...productKeys.all(shop), "categories", archived],
    queryFn: () => products.categories(shop, archived),
    placeholderData: keepPreviousData,
    enabled: shop !== "",
  });

/** Products by their ids, as a set names them. */
export const useProductsById = (shop: string, ids: readonly string[]) =>
  useQuery({
    queryKey: [...productKeys.all(shop), "by-id", [...ids].sort()],
    queryFn: () => products.byId(shop, ids),
    placeholderData: keepPreviousData,
    enabled: shop !== "" && ids.length > 0,
  });

export const useSets = (shop: string) =>
  useQuery({ queryKey: [...productKeys.all(shop), "sets"], queryFn: () => productSets.list(shop), enabled: shop !== "" });

const MOVING = ["checking", "applying"];
export const isMoving = (one: Import | undefined) => one !== undefined && MOVING.includes(one.state);

export const useImport = (id: string) =>
  useQuery({
    queryKey: productKeys.import(id),
    queryFn: () => imports.get(id),
    enabled: id !== "",
    refetchInterval: ({ state }) => (isMoving(state.data) ? 1000 : false),
  });

export const useImports = (shop: string) =>
  useQuery({
    queryKey: [...productKeys.all(shop), "imports"],
    queryFn: async () => (await imports.list(shop)).imports?.filter((one) => one.kind === "catalogue") ?? [],
    enabled: shop !== "",
  });
