import { take } from "../i18n/catalogue";
import { agency } from "../i18n/en/agency";

await take({ agency });
