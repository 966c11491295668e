import './seed.ts';

await import('../supervisor/stress.test.ts');
