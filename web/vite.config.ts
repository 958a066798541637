import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const results = process.env.RESULTS_DIR ?? '../.results';

/** Where `npm run dev` finds everything that is not the page: the stack of `make run`. */
const stack = process.env.STACK_URL ?? 'http://localhost:8000';

export default defineConfig({
  plugins: [react()],
  server: { host: '127.0.0.1', proxy: { '/api': stack, '/config.json': stack } },
  build: {
    target: 'es2023',
    cssTarget: ['chrome123', 'firefox121', 'safari17.5'], // they know light-dark() and nesting
    modulePreload: { polyfill: false },
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/test/setup.ts'],
    reporters: ['default', ['junit', { outputFile: `${results}/web.xml` }]],
  },
});
