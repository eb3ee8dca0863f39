import { take } from "../i18n/catalogue";
import { home } from "../i18n/en/home";

await take({ home });
