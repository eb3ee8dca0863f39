import { take } from "../i18n/catalogue";
import { events } from "../i18n/en/events";

await take({ events });
