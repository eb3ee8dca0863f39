import { take } from "../i18n/catalogue";
import { settings } from "../i18n/en/settings";

await take({ settings });
