// The same deaths, more of them.
process.env['KILLS'] = '100';
await import('./cli/in-place-killed.test.ts');
