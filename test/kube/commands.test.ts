import * as assert from 'uvu/assert';
import { commandEvidence } from '../../src/kube/evidence/commands.ts';
import { suite } from '../support/suite.ts';

function saysSidecar(command: readonly string[]): boolean {
  return commandEvidence({ name: 'c', command: [...command] }).some(({ says }) => says === 'sidecar');
}
const sh = (script: string): string[] => ['sh', '-c', script];

suite('what works is no sidecar, whatever it starts beside', (test) => {
  for (const command of [
    sh('python train.py & PID=$!; while kill -0 $PID; do date; sleep 60; done; wait $PID'),
    sh('npm start & S=$!; until curl -f localhost; do sleep 1; done; npm test; RC=$?; kill $S; exit $RC'),
    sh('while true; do date; sleep 60; done & HB=$!; python train.py; kill $HB'),
    sh('./cloud_sql_proxy & PID=$!; sleep 5; psql -f load.sql; RC=$?; kill $PID; exit $RC'),
    sh('while true; do ./poll || kill $$; sleep 1; done'),
    ['python', '-c', 'while True:\n  m = q.get()\n  if m is None: return\n  work(m)'],
    ['python', '-c', 'while True:\n  if done(): raise SystemExit'],
    sh('kubectl port-forward svc/x 8080:80 >/dev/null 2>&1 & sleep 2; curl -f localhost:8080'),
    sh('Xvfb :99 & export DISPLAY=:99; npx cypress run'),
    sh('ssh -fN -L 5432:db:5432 host && psql -c x'),
    sh('redis-server --daemonize yes\npython manage.py test'),
    sh('./run.sh & \ntail -f --pid=$! log'),
    ['node', 'server/reindex.js'],
    ['node', 'dist/server-sync.js'],
    ['java', '-server', '-jar', '/app/t.jar'],
    ['npx', 'vite', 'build'],
    sh('python train.py && tail -f /dev/null'),
    sh('cat > /shared/start.sh <<EOT\nnginx -g "daemon off;"\nEOT\nhelm template . > /shared/x'),
    sh('echo "checking; nginx is up"; helm template . > /shared/x'),
  ])
    test(JSON.stringify(command), () => assert.not(saysSidecar(command)));
});

suite('what never ends is one', (test) => {
  for (const command of [
    sh('proxy & PID=$!; while [ ! -f /s/done ]; do sleep 1; done; kill $PID'),
    sh(
      'proxy & PID=$!; until [ -e /s/done ]; do sleep 1; done; echo bye; kill -TERM $PID; wait $PID; exit 0',
    ),
    sh('while [ true ]; do aws s3 sync /a s3://b; sleep 60; done'),
    sh('while /bin/true; do ls; sleep 60; done'),
    sh('redis-server --daemonize no'),
    sh('mkdir -p /logs && tail -F /logs/app.log'),
    sh('while true; do curl -f http://meta/token > /shared/token || exit 1; sleep 300; done'),
    sh('Xvfb :99 2>&1'),
    ['node', 'dist/server.js'],
    ['java', '-jar', 'a.jar', 'server'],
    ['npx', 'vite'],
    ['/api', 'serve', '--tag', 'version'],
  ])
    test(JSON.stringify(command), () => assert.ok(saysSidecar(command)));
});
