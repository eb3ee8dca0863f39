import react from "@vitejs/plugin-react";
import { loadEnv } from "vite";
import { defineConfig } from "vitest/config";
import { icu } from "./icu.ts";

// The gateway serves the built files itself, so every URL in them is relative and no Node is needed to run Showfloor.
export default defineConfig(({ mode }) => ({
  base: "./",
  plugins: [icu(), react()],
  build: {
    outDir: "../src/showfloor/gateway/console/static",
    emptyOutDir: true, // safe: the folder is no part of the sources, and holds what this build writes alone
    target: "es2022",
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "react", test: /node_modules\/(react|react-dom|scheduler)\// },
            { name: "tanstack", test: /node_modules\/@tanstack\// },
            // What one lazy page alone uses stays with that page.
            { name: "aria", test: /node_modules\/(react-aria|react-stately|@react-|@internationalized)/, minShareCount: 2 },
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
