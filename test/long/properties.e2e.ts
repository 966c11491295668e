import './seed.ts';

await import('../properties.test.ts');
