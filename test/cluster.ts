// npm run e2e:cluster
import { runOnCluster } from './containers/cluster-run.ts';

const code = await runOnCluster({
  argv: process.argv.slice(2),
  env: process.env as Record<string, string>,
  write: (text) => process.stdout.write(text),
});
// What was interrupted still waits for kubectl.
process.exit(code);
