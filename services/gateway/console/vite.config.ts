import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import { loadEnv, type Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { icu } from "./icu.ts";

// Small files cost more than they weigh: each is compressed by itself, and asked for by itself.
const aria = (parts: string) => `node_modules/(?:react-aria|react-aria-components|react-stately)/dist/private/(?:${parts})`;

/** What the console and the buyers' pages share. */
const COMMON =
  /\/src\/(i18n\/(index|catalogue|locale)|api\/client|lib\/(base|currencies|format|later|now|staff|text|theme|title)|live\/newer|ui\/initials)\.tsx?$|\/src\/ui\/(Avatar|Skeleton)\.css$|node_modules\/(@formatjs|intl-messageformat|lucide-react\/dist\/esm\/(?!icons))/;
const buyersIcons = [...new Set(
  readdirSync("src/buyers", { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name))
    .flatMap((name) => [...readFileSync(join("src/buyers", name), "utf8").matchAll(/lucide-react\/icons\/([\w-]+)/g)].map((found) => found[1]!)),
)];
/** What every page of the console is made of: its frame, and the simple parts. */
const PARTS = new RegExp(
  [
    "/src/app/(?:OnAir|Soon|soonest|opening|seats|links|Lost)\\.tsx?$",
    "/src/(?:lib/(?:stored|throttle)|live/(?:outbox|signedOut|reach)|api/(?:calls|events|queries))\\.tsx?$",
    "/src/ui/(?:Badge|Banner|Button|CopyField|EmptyState|IconButton|Menu|NotLoaded|Notes|notices|over|part|Popover|Sheet|Skeleton|ThemeButton|Tooltip)\\.tsx?$",
    aria("(?:interactions|ssr|flags|button|label|progress|tooltip|live-announcer)/"),
    aria("i18n/(?:utils|useDefaultLocale|I18nProvider|useNumberFormatter)|utils/(?!keyboard|scroll|getScroll|useLoadMore|inertValue|constants)"),
    aria("overlays/(?:calculatePosition|useOverlayPosition|useCloseOnScroll|PortalProvider|useOverlayTriggerState|useModal)"),
    aria("(?:utils|Button|ProgressBar|Label|Text|Tooltip|OverlayArrow)\\.mjs"),
    "node_modules/(?:clsx|@internationalized/number/dist/private/NumberFormatter)",
  ].join("|"),
);
/** What stands around a page; rooms and boards fill their windows without it. */
const SHELL = /\/src\/app\/(?:Shell|Rail|Switcher|Whose|areas)\.tsx?$/;
/** What every list that is chosen from is made of. */
const LISTS = new RegExp(aria("(?:collections|selection|list|focus)/|Collection"));

const WORTH = 1024; // bytes; less fits into one packet as it is

/** Writes each asset a second and a third time, compressed, so that nothing is compressed while somebody waits. */
function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
    writeBundle({ dir = "" }) {
      const folder = join(dir, "assets");
      for (const name of readdirSync(folder)) {
        const body = readFileSync(join(folder, name));
        if (!/\.(js|css|svg)$/.test(name) || body.length < WORTH) continue;
        const options = { params: { [constants.BROTLI_PARAM_SIZE_HINT]: body.length } };
        writeFileSync(join(folder, `${name}.br`), brotliCompressSync(body, options));
        writeFileSync(join(folder, `${name}.gz`), gzipSync(body, { level: 9 }));
      }
    },
  };
}

/** The parts bring words in thirty languages. Those that the console itself is not in are left out: English stands for them. */
function ownLanguages(): Plugin {
  const own = readdirSync("src/i18n", { withFileTypes: true }).filter((one) => one.isDirectory()).map((one) => one.name);
  return {
    name: "own-languages",
    enforce: "pre",
    transform(code, id) {
      if (!/node_modules\/react-(?:aria|stately).*\/intlStrings\.m?js$/.test(id)) return undefined;
      const kept = (line: string, language: string) => (own.includes(language) ? line : "");
      const fewer = code.replace(/^import \S+ from "\S+\/(\w\w)-\w\w\.m?js";\n/gm, kept).replace(/^ *"(\w\w)-\w\w": \S+\n/gm, kept);
      return { code: fewer, map: null };
    },
  };
}

/** The gateway writes where the console lives into each page; the server for development lives at the root. */
function rooted(): Plugin {
  return {
    name: "rooted",
    apply: "serve",
    transformIndexHtml: (page) => page.replace('<base href="./" />', '<base href="/" />'),
    configureServer: ({ middlewares }) => {
      middlewares.use((request, _answer, next) => {
        if (/^\/watch(\/|\?|$)/.test(request.url ?? "")) request.url = "/watch.html";
        next();
      });
    },
  };
}

// The gateway serves the built files itself, so every URL in them is relative and no Node is needed to run Showfloor.
export default defineConfig(({ mode }) => ({
  base: "./",
  plugins: [icu(), ownLanguages(), react(), compressed(), rooted()],
  build: {
    outDir: "../src/showfloor/gateway/console/static",
    emptyOutDir: true, // safe: the folder is no part of the sources, and holds what this build writes alone
    target: "es2022",
    rolldownOptions: {
      input: { console: resolve("index.html"), buyers: resolve("watch.html") },
      output: {
        codeSplitting: {
          groups: [
            { name: "react", test: /node_modules\/(react|react-dom|scheduler)\// },
            { name: "query", test: /node_modules\/@tanstack\/(react-)?query/ },
            { name: "virtual", test: /node_modules\/@tanstack\/(react-)?virtual/ },
            { name: "tanstack", test: /node_modules\/@tanstack\// },
            { name: "common", test: (id) => COMMON.test(id) || buyersIcons.some((icon) => id.endsWith(`/icons/${icon}.mjs`)) },
            { name: "parts", test: PARTS },
            { name: "shell", test: SHELL },
            { name: "lists", test: LISTS },
          ],
        },
      },
    },
  },
  test: { css: true, setupFiles: ["src/i18n/every.ts"] },
  server: {
    // `SHOWFLOOR_URL=http://127.0.0.1:<port> npx vite` develops against a running Showfloor.
    proxy: { "/v1": { target: loadEnv(mode, ".", "SHOWFLOOR_")["SHOWFLOOR_URL"] ?? "http://127.0.0.1:8080", changeOrigin: true } },
  },
}));
