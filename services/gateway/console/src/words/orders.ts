import { take } from "../i18n/catalogue";
import { orders } from "../i18n/en/orders";

await take({ orders });
