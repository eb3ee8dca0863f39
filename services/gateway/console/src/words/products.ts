import { take } from "../i18n/catalogue";
import { products } from "../i18n/en/products";

await take({ products });
