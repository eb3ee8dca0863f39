import { take } from "../i18n/catalogue";
import { activity } from "../i18n/en/activity";

await take({ activity });
