import * as assert from 'uvu/assert';
import { mentionedPorts, mentionsLoopback, possiblePorts } from '../../src/kube/container-text.ts';
import { suite } from '../support/suite.ts';

suite('the port of a loopback address', (test) => {
  const rows: readonly (readonly [string, readonly number[]])[] = [
    ['psql postgres://localhost:5432/shop', [5432]],
    ['curl http://[::1]:80/', [80]],
    ['nc -z localhost 5432', [5432]],
    ['nc -zv 127.0.0.1  80 && serve', [80]],
    ['until nc -z -w1 localhost 3306; do sleep 1; done', [3306]],
    ['nc -z "localhost" "5432"', [5432]],
    ['nc -z localhost 5432 & nc -z localhost 6379', [5432, 6379]],
    ['(echo > /dev/tcp/127.0.0.1/5432) 2>/dev/null', [5432]],
    ['python -c "socket.create_connection((\'localhost\', 5432))"', [5432]],
    ['sqlcmd -S localhost,1433', [1433]],
    ['psql "host=localhost port=5432 user=shop"', [5432]],
    ['pg_isready -h localhost -p 5432', [5432]],
    ['mysqladmin ping -h127.0.0.1 -P 3306', [3306]],
    ['mysql --host=127.0.0.1 --port=3306', [3306]],
    ['curl localhost 2>/dev/null', []],
    ['wait-for localhost 30s', []],
    ['report localhost 2024-01-31', []],
    ['NO_PROXY=localhost,10.0.0.0/8 fetch', []],
    ['echo 127.0.0.1 10.0.0.7 >> /etc/hosts', []],
    ['fetch http://localhost/2024', []],
    ['ping localhost && sleep 30', []],
    ['curl localhost || exit 10', []],
    ['psql -h localhost\n5432', []],
    ['nc -z db 5432', []],
  ];
  for (const [text, ports] of rows) {
    test(text, () => {
      assert.equal(possiblePorts({ name: '', args: [text] }), ports);
      assert.is(mentionsLoopback(text), text !== 'nc -z db 5432');
    });
  }
  test('in words of their own', () => {
    assert.equal(possiblePorts({ name: '', command: ['nc', '-z'], args: ['localhost', '5432'] }), [5432]);
    assert.equal(possiblePorts({ name: '', args: ['-h', '127.0.0.1', '-p', '5432'] }), [5432]);
  });
  test('is sure behind a colon and in a flag alone', () => {
    const args = ['localhost:80', 'localhost', '81', '--port', '82'];
    assert.equal(mentionedPorts({ name: '', args }), [80, 82]);
  });
});
