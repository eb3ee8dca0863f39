import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import { loadEnv, type Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { icu } from "./icu.ts";

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
    load(id) {
      const language = /node_modules\/react-(?:aria|stately).*\/intl\/\w+\/(\w\w)-\w\w\.m?js$/.exec(id)?.[1];
      return language && !own.includes(language) ? 'export { default } from "./en-US.mjs";' : undefined;
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
          ],
        },
      },
    },
  },
  test: { css: true, setupFiles: ["src/i18n/console.ts"] },
  server: {
    // `SHOWFLOOR_URL=http://127.0.0.1:<port> npx vite` develops against a running Showfloor.
    proxy: { "/v1": { target: loadEnv(mode, ".", "SHOWFLOOR_")["SHOWFLOOR_URL"] ?? "http://127.0.0.1:8080", changeOrigin: true } },
  },
}));
