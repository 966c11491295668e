import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's root: the compiled tests stand in build/test/support. */
export const ROOT: string = fileURLToPath(new URL('../../..', import.meta.url));
export const FIXTURES: string = join(ROOT, 'fixtures');
export const BIN: string = join(ROOT, 'bin/kubectl-guillotine');
