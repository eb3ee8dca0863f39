import { take } from "../i18n/catalogue";
import { analytics } from "../i18n/en/analytics";

await take({ analytics });
