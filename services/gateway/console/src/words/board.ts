import { take } from "../i18n/catalogue";
import { board } from "../i18n/en/board";

await take({ board });
