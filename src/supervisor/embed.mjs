// Writes script.ts: the supervisor's source as a string, so that the pure floors read no file at run time.
import { readFileSync, writeFileSync } from 'node:fs';

const source = readFileSync(new URL('supervisor.sh', import.meta.url), 'utf8');
const module = `// Generated from supervisor.sh by embed.mjs; edit that file.\nexport const SUPERVISOR_SCRIPT = ${JSON.stringify(source)};\n`;
writeFileSync(new URL('script.ts', import.meta.url), module);
