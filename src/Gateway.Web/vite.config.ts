import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const gateway = process.env["GATEWAY_URL"] ?? "http://127.0.0.1:8080";
const served = ["/session", "/status", "/portfolio", "/orders", "/exits", "/hub"];

export default defineConfig({
  plugins: [react()],
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
