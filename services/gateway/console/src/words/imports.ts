import { take } from "../i18n/catalogue";
import { imports } from "../i18n/en/imports";

await take({ imports });
