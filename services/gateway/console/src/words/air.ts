import { take } from "../i18n/catalogue";
import { air } from "../i18n/en/air";

await take({ air });
