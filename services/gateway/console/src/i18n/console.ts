// The words of the console. The console's entry imports this first.

import { take } from "./catalogue";
import * as areas from "./en";

await take(areas);
