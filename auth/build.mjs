// Bundles each command to one file, so that nothing else has to be installed where it runs.
import { build } from "esbuild";

const banner = [
  // pg is CommonJS and calls require() for Node's own modules.
  'import { createRequire } from "node:module";',
  "const require = createRequire(import.meta.url);",
  // Better Auth checks no origin when NODE_ENV is "test" and trusts any address in "development".
  'process.env.NODE_ENV = "production";',
].join("\n");

await build({
  entryPoints: ["src/server.ts", "src/migrate.ts"],
  outdir: "dist",
  outExtension: { ".js": ".mjs" },
  bundle: true,
  minify: true,
  platform: "node",
  target: "node22",
  format: "esm",
  external: ["pg-native"],
  banner: { js: banner },
});
