import { take } from "../i18n/catalogue";
import { review } from "../i18n/en/review";

await take({ review });
