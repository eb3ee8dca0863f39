// The words of every page of the console. The console's entry imports this first; each page brings its own (src/words).

import { take } from "./catalogue";
import { common } from "./en/common";
import { frame } from "./en/frame";
import { metrics } from "./en/metrics";
import { problems } from "./en/problems";
import { ui } from "./en/ui";

await take({ common, frame, metrics, problems, ui });
