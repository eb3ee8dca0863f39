import { take } from "../i18n/catalogue";
import { feed } from "../i18n/en/feed";

await take({ feed });
