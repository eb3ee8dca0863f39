// All words, for the tests.

import { take } from "./catalogue";
import * as areas from "./en";

await take(areas);
