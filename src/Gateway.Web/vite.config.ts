import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const gateway = process.env["GATEWAY_URL"] ?? "http://127.0.0.1:8080";
const served = ["/session", "/status", "/portfolio", "/orders", "/exits", "/user", "/hub", "/openapi.json"];

// The library of public/api-docs, with its licence: files of their own, which the trader's page never loads.
const apiDocs: Plugin = {
  name: "api-docs",
  apply: "build",
  generateBundle() {
    for (const name of ["swagger-ui-bundle.js", "swagger-ui-bundle.js.LICENSE.txt", "swagger-ui.css", "LICENSE", "NOTICE"]) {
      const source = readFileSync(new URL(`./node_modules/swagger-ui-dist/${name}`, import.meta.url));
      this.emitFile({ type: "asset", fileName: `api-docs/${name}`, source });
    }
  },
};

export default defineConfig({
  plugins: [react(), apiDocs],
  base: "./",
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: { target: "es2022", sourcemap: false, cssCodeSplit: false, chunkSizeWarningLimit: 600 },
  server: {
    host: "127.0.0.1",
    port: 5173,
    proxy: Object.fromEntries(served.map((path) => [path, { target: gateway, ws: path === "/hub" }])),
  },
  test: { environment: "jsdom", include: ["src/**/*.test.{ts,tsx}"] },
});
