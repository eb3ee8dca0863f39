// The words of the buyers' pages alone, so that their bundle stays small. Their entry imports this first.

import { take } from "./catalogue";
import { common } from "./en/common";
import { watch } from "./en/watch";

await take({ common, watch });
