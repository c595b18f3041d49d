import hooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

const noReach = (patterns, message) => ({
  "no-restricted-imports": ["error", { patterns: [{ group: patterns, message }] }],
});

export default tseslint.config(
  { ignores: ["dist", "node_modules"] },
  {
    files: ["src/**/*.{ts,tsx}", "vite.config.ts"],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { "react-hooks": hooks },
    rules: {
      ...hooks.configs.recommended.rules,
      eqeqeq: "error",
      "no-console": "error",
      "max-lines": ["error", 400],
      "max-lines-per-function": ["error", { max: 90, skipBlankLines: true, skipComments: true }],
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
    },
  },
  {
    files: ["src/features/**/*.{ts,tsx}"],
    rules: noReach(["@/features/*", "@/app/*", "../*"], "A feature reaches only its own folder and @/shared; the app puts features together."),
  },
  {
    files: ["src/shared/**/*.{ts,tsx}"],
    rules: noReach(["@/features/*", "@/app/*"], "Shared code knows no feature."),
  },
  { files: ["src/**/*.test.{ts,tsx}"], rules: { "max-lines-per-function": "off" } },
  {
    files: ["mock/**/*.mjs", "scripts/**/*.mjs", "eslint.config.js"],
    rules: { "max-lines": ["error", 400], eqeqeq: "error" },
  },
);
