import { take } from "../i18n/catalogue";
import { bag } from "../i18n/en/bag";

await take({ bag });
