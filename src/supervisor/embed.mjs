// Writes script.ts: the supervisor's source as strings, so that the pure floors read no file at run time.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const folder = new URL('./', import.meta.url);
const parts = readdirSync(new URL('parts', folder))
  .sort()
  .map((file) => [file.replace('.sh', ''), readFileSync(new URL(`parts/${file}`, folder), 'utf8')]);
const core = readFileSync(new URL('supervisor.sh', folder), 'utf8');
const module = `// Generated from supervisor.sh and parts/ by embed.mjs; edit those files.
export const CORE = ${JSON.stringify(core)};
export const PARTS = ${JSON.stringify(Object.fromEntries(parts))};
`;
writeFileSync(new URL('script.ts', folder), module);
