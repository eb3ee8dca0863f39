import { take } from "../i18n/catalogue";
import { plan } from "../i18n/en/plan";

await take({ plan });
