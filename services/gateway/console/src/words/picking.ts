import { take } from "../i18n/catalogue";
import { picking } from "../i18n/en/picking";

await take({ picking });
