// Apart from the properties, which would keep a process busy while its pods wait.
import './seed.ts';

await import('../pod.test.ts');
await import('../supervisor/supervisor.test.ts');
