import { take } from "../i18n/catalogue";
import { desk } from "../i18n/en/desk";

await take({ desk });
