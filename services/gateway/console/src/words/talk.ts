import { take } from "../i18n/catalogue";
import { talk } from "../i18n/en/talk";

await take({ talk });
