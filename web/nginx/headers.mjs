// node headers.mjs security-headers.json OUT: one nginx file per mode of the page.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const [source, out] = process.argv.slice(2);
const modes = JSON.parse(readFileSync(source, 'utf8'));

mkdirSync(out, { recursive: true });
for (const [mode, headers] of Object.entries(modes)) {
  const lines = Object.entries(headers).map(([name, value]) => {
    if (/["$\\\n]/.test(value)) throw new Error(`${name}: nginx would not take ${value} literally`);
    return `add_header ${name} "${value}" always;\n`;
  });
  writeFileSync(`${out}/${mode}.conf`, lines.join(''));
}
