// @vitest-environment node
import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { build, type Rollup } from 'vite';
import { beforeAll, expect, test, vi } from 'vitest';

const LIMIT = 150_000;
let output: Rollup.RollupOutput['output'];

beforeAll(async () => {
  vi.stubEnv('NODE_ENV', 'production'); // or React comes with everything for development
  const built = await build({ logLevel: 'error', build: { write: false } });
  output = (built as Rollup.RollupOutput).output;
}, 60_000);

test('[003/FR-071] the whole page without the Markdown renderer is at most 150 KB compressed', () => {
  const names = ['index', 'ChatPage', 'LocalChat'];
  const needed = new Set(names.flatMap((name) => withImports(chunkNamed(name).fileName)));

  const bytes = [...needed].reduce((sum, file) => sum + gzipSync(chunk(file).code).length, 0);

  expect(needed.size).toBeGreaterThanOrEqual(names.length);
  expect([...needed].join()).not.toContain('Markdown');
  expect(bytes).toBeLessThan(LIMIT);
});

test('[003/FR-070] the page holds no inline script or style, which its policy would refuse', () => {
  const page = output.find(({ fileName }) => fileName === 'index.html');
  const html = page?.type === 'asset' ? String(page.source) : '';

  expect(html).toMatch(/<script type="module"[^>]* src="\/assets\//);
  expect(html).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/);
});

test('[003/FR-011] [003/FR-070] the policy of `ui: local` names no other origin and nothing inline', async () => {
  const headers = JSON.parse(await readFile('public/security-headers.json', 'utf8'));
  const policy: string = headers.local['Content-Security-Policy'];

  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/https?:|unsafe|data:|\*/);
  for (const origin of headers.hosted['Content-Security-Policy'].match(/https?:[^\s;]+/g)) {
    expect(origin).toBe('https://cdn.platform.openai.com');
  }
});

function chunk(fileName: string): Rollup.OutputChunk {
  const found = output.find((part) => part.fileName === fileName);
  if (found?.type !== 'chunk') throw new Error(`${fileName} is not in the build`);
  return found;
}

function chunkNamed(name: string): Rollup.OutputChunk {
  const found = output.find((part) => part.type === 'chunk' && part.name === name);
  if (found?.type !== 'chunk') throw new Error(`no chunk is named ${name}`);
  return found;
}

function withImports(fileName: string): string[] {
  return [fileName, ...chunk(fileName).imports.flatMap(withImports)];
}
