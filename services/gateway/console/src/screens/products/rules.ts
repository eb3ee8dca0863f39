// What the services take as a product's texts.

import type { TextRule } from "../../lib/text";

export const TITLE: TextRule = { minimum: 1, maximum: 200 };
export const REFERENCE: TextRule = { minimum: 1, maximum: 64 };
export const CATEGORY: TextRule = { minimum: 0, maximum: 60 };
export const SET_NAME: TextRule = { minimum: 1, maximum: 80 };
export const SET_MOST = 100;
/** Products in the bag of a LIVE, over all sources. */
export const BAG_MOST = 100;

/** A whole https address, or none. */
export const isLink = (text: string) => text === "" || (/^https:\/\/[^\s/?#]+\S*$/.test(text) && text.length <= 2000);
