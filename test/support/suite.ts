import { suite as uvuSuite } from 'uvu';
import { pool } from './process.ts';
import { missingTools, type Tool } from './tools.ts';

export type Test = (name: string, body: () => void | Promise<void>) => void;

/**
 * A uvu suite that cannot be forgotten to run. In CI a missing tool is a failure; elsewhere the suite is skipped
 * with a printed reason.
 */
export function suite(name: string, define: (test: Test) => void, needs: readonly Tool[] = []): void {
  const tests = uvuSuite(name);
  const missing = missingTools(needs);
  if (missing.length > 0) {
    const reason = `needs ${missing.join(', ')}`;
    if (process.env['CI']) tests(reason, () => Promise.reject(new Error(`${name} ${reason}`)));
    else {
      process.stdout.write(`skipped: ${name} (${reason})\n`);
      define((title) => tests.skip(title));
    }
  } else define((title, body) => tests(title, async () => body()));
  tests.run();
}

export interface Case {
  readonly name: string;
  readonly play: () => Promise<void>;
}

/** Tests that mostly wait: `width` of them run at the same time. */
export function testTogether(test: Test, width: number, cases: readonly Case[]): void {
  const errors = pool(
    width,
    cases.map(
      ({ play }) =>
        () =>
          play().then(
            () => null,
            (error: unknown) => error,
          ),
    ),
  );
  cases.forEach(({ name }, index) => {
    test(name, async () => {
      const error = await errors[index];
      if (error) throw error;
    });
  });
}
