import { take } from "../i18n/catalogue";
import { sessions } from "../i18n/en/sessions";

await take({ sessions });
