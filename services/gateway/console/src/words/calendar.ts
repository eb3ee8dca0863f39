import { take } from "../i18n/catalogue";
import { calendar } from "../i18n/en/calendar";

await take({ calendar });
