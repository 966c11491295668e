import type * as V1 from 'kubernetes-types/core/v1.js';
import type { Evidence } from '../../model/pod.ts';
import { evidence } from './evidence.ts';
import { type Script, scriptOf } from './script.ts';

/** The start of a simple command in a script. */
const AT = String.raw`(?:^|[\n;&|({]|\b(?:then|do|else|exec|nohup|sudo|time)\s)\s*(?:[\w./-]*/)?`;
const at = (command: string): RegExp => new RegExp(AT + command, 'm');

/** Commands that cannot end by themselves. */
const ENDLESS: readonly (readonly [RegExp, string])[] = [
  [at(String.raw`sleep\s+(?:infinity|inf|\d{6,})\b`), 'it sleeps for ever'],
  [at(String.raw`tail\s+(?:[^\n;&|]*\s)?(?:-\w*[fF]\w*|--follow\S*|--retry)(?=\s|$)`), 'it follows a file'],
  [at(String.raw`(?:inotifywait\s[^\n;]*-\w*m|watch\s|journalctl\s[^\n;]*-\w*f)`), 'it watches'],
  [at(String.raw`kubectl\s+(?:[^\n;&|]*\s)?(?:proxy|port-forward)\b`), 'it forwards a port'],
  [at(String.raw`ssh\s[^\n;&|]*-\w*N`), 'it holds a tunnel'],
  [at(String.raw`(?:nc|ncat|socat)\s[^\n;]*(?:-\w*k|fork)`), 'it listens'],
  [at(String.raw`rclone\s+mount\b(?![^\n;]*--daemon)`), 'it holds a mount'],
  [at(String.raw`tcpdump\s(?![^\n;]*\s-c\s)`), 'it captures'],
  [at(String.raw`iperf3?\s(?:[^\n;]*\s)?(?:-s|--server)\b(?![^\n;]*(?:-1|--one-off))`), 'it listens'],
  [
    /\bwhile\s+(?:True|1)\s*:(?![\s\S]*(?:\b(?:break|return|raise|sys\.exit|os\._exit)\b|\b(?:exit|quit)\())/,
    'its loop has no end',
  ],
  [/\b(?:serve_forever|run_forever|start_http_server)\s*\(|\.listen\s*\(\s*\d/, 'it serves for ever'],
];

/** Loops without end, unless something in them leaves them. */
const LOOP =
  /\b(?:while\s+(?:(?:\/(?:usr\/)?bin\/)?true|:|\[\s*(?:1|true)\s*\]|\[\[\s*1\s*\]\]|\(\(\s*1\s*\)\)|sleep\s+\S+)|until\s+false|for\s*\(\(\s*;\s*;\s*\)\))\s*;?\s*do\b([\s\S]*?)\bdone\b(\s*\)?\s*&(?!&))?/g;

/** Programs that serve, as people start them. */
const SERVERS = at(
  String.raw`(?:nginx|httpd|apache2-foreground|apachectl|caddy|traefik|haproxy|envoy|redis-server|mysqld(?:_safe)?|mariadbd|postgres|mongod|memcached|rabbitmq-server|etcd|dockerd(?:-entrypoint\.sh)?|containerd|buildkitd|registry\s+serve|minio\s+server|cloud_sql_proxy|cloud-sql-proxy|alloydb-auth-proxy|sshd|crond|cron\s+-f|supervisord|gunicorn|uvicorn|hypercorn|daphne|uwsgi|waitress-serve|puma|unicorn|php-fpm\d*|php\s+-S|python\d?(?:\.\d+)?\s+-m\s+(?:http\.server|SimpleHTTPServer)|flask\s+run|(?:python\d?\s+)?manage\.py\s+runserver|rails\s+s(?:erver)?|(?:npx\s+(?:-y\s+|--yes\s+)?)?(?:http-server|json-server|live-server|serve|vite(?!\s+(?:build|optimize))(?:\s+(?:preview|dev|serve))?|webpack\s+serve|ng\s+serve|next\s+(?:start|dev))|ruby\s+[^\n;]*(?:-run|webrick|httpd)\b\S*|webrick|inotifyd|Xvfb|x11vnc|websockify|chromedriver|geckodriver|selenium-standalone|fluentd|fluent-bit|filebeat|metricbeat|promtail|vector(?!\s+(?:validate|test|vrl|list|graph))|otelcol\S*|telegraf|statsd|node_exporter|vault\s+(?:server|agent|proxy)|consul\s+agent|tailscaled|openvpn|wg-quick|cloudflared\s+tunnel|ngrok|frpc|chisel\s+(?:client|server)|celery\s[^\n;]*\bworker|sidekiq|java\s[^\n;]*(?<![-\w./])server|(?:node|ts-node)\s+(?:-\S+\s+)*(?:\S*/)?server(?:\.\w+)?|deno\s+run[^\n;]*serve|bun\s+run\s+serve)(?=[\s"';@]|$)`,
);

/** Things that are done once. */
const WORK: readonly RegExp[] = [
  at(
    String.raw`(?:psql|pg_dump(?:all)?|pg_restore|mysql|mysqldump|mysqladmin|mongo(?:sh|dump|restore)?|redis-cli|sqlite3|sqlcmd|clickhouse-client|cqlsh|mc)\s`,
  ),
  at(
    String.raw`(?:curl|wget|aws|gsutil|gcloud|az|kubectl\s+(?!proxy|port-forward)|helm|terraform|ansible-playbook|git\s+(?:clone|pull|push)|rsync|rclone\s+(?:copy|sync)|tar|cp|mv|rm|zip|gzip|find|grep|echo|printf|date|touch|mkdir|sed|awk|jq|openssl|ls|cat)\s`,
  ),
  at(String.raw`(?:npm|yarn|pnpm)\s+(?:run\s+)?(?:test|build|ci|migrate|seed|e2e|lint)\S*`),
  at(
    String.raw`(?:pytest|jest|mocha|go\s+test|mvn|gradle|\S*gradlew|cargo\s+test|dotnet\s+test|newman\s+run|k6\s+run|robot|playwright\s+test|npx\s+(?:playwright|cypress|jest))\b`,
  ),
  /\b(?:db:\w+|migrate|migrations?|alembic|flyway|liquibase|makemigrations|upgrade\s+head|schema:\w+|seed|backup|restore|import|export|collectstatic|reindex|vacuum|cleanup|purge|rake\s)\b/,
  /\S\s*&&\s*\S/,
  /\bexit\s+(?:\$\?|\$\{?\w+\}?|0)\s*$/,
];

/** Arguments that say how much is to be done, or how long. */
const BOUNDED =
  /(?:^|\s)--?(?:expect\S*|count|duration|iterations?|then-exit|exit-on-\w+|run-once|exit-when-\S+|one-off)(?:[= ]|$)/;

/** Arguments that make any program do one thing and end. */
const FINITE =
  /^(?:--?(?:version|help|one-?time|once|dry-run|validate|check-config|test-config|config-test|exit-after-auth|oneshot)(?:=true)?|version|validate|check-config|configtest|lint)$/;

/** What the shape of a container's command says. */
export function commandEvidence(spec: V1.Container): Evidence[] {
  const written = scriptOf(spec);
  const script: Script = { ...written, text: withoutQuotes(written.text) };
  const { text, isShell, words } = script;
  if (text.trim() === '') return [];
  const found: Evidence[] = [];
  const finite = isShell
    ? undefined
    : words.find((word, index) => FINITE.test(word) && (word.startsWith('-') || index === 0));
  if (finite !== undefined) return [evidence('finite', `it is told ${finite}`)];
  const endless = findEndless(script);
  if (BOUNDED.test(text)) found.push(evidence('bounded', 'it is told how much to do'));
  if (startsChildToKill(text)) found.push(evidence('background', 'it starts a child and waits to end it'));
  else if (worksAfterWait(text))
    found.push(evidence('workAfterWait', 'it waits for something and then works'));
  else if (endless !== null) found.push(evidence('endless', endless));
  else if (isServer(script)) found.push(evidence('server', 'it runs a server'));
  else if (isToldToServe(script)) found.push(evidence('serveWord', 'it is told to serve'));
  else if (WORK.some((row) => row.test(text)))
    found.push(evidence('work', 'its commands do something and end'));
  return found;
}

/** Without what is only printed or written to a file. */
function withoutQuotes(script: string): string {
  return script
    .replace(/\b(cat|tee)\b([^\n]*<<-?\s*['"]?(\w+)['"]?[^\n]*)\n[\s\S]*?\n\s*\3(?=\n|$)/g, '$1$2')
    .replace(/\b(echo|printf)\s+(?:-\w+\s+)?(?:"[^"$]*"|'[^']*')/g, '$1 x');
}

function findEndless({ text, isShell }: Script): string | null {
  for (const [pattern, why] of ENDLESS) {
    const match = pattern.exec(text);
    if (match === null || !isForeground(text, match.index + match[0].length)) continue;
    // `work && tail -f /dev/null`: the work counts.
    const before = text.slice(0, match.index);
    const isBehindWork = isShell && /^[^\n;]*&\s*$/.test(before) && doesMoreThanWait(before);
    return isBehindWork ? null : why;
  }
  for (const match of text.matchAll(LOOP)) {
    const [, body = '', background] = match;
    const ways = body.replace(/\|\|\s*exit\s+[1-9]\d*/g, ''); // a failure is no end that it works towards
    if (background === undefined && !/\b(?:break|exit|return|exec|kill\s[^\n;]*\$\$)(?!\w)/.test(ways))
      return 'its loop has no end';
  }
  return null;
}

/** Does the command that reaches to here keep the script waiting? */
function isForeground(text: string, from: number): boolean {
  const start = Math.max(...['\n', ';', '&'].map((mark) => text.lastIndexOf(mark, from - 1) + 1));
  const rest = text.slice(from);
  const line = /^(?:[^\n;&]|(?<=>)&|&(?=>))*/.exec(rest)?.[0] ?? '';
  if (/^&(?!&)/.test(rest.slice(line.length))) return false;
  const command = text.slice(start, from) + line;
  return (
    !/\|\s*(?:head|grep\s+(?:-\w*[mq]))/.test(line) &&
    // Told to go to the background, or to end with a process.
    !/\s--(?:daemonize(?![=\s]+no\b)|daemon(?=\s|$)|pid[=\s])|\bssh\s(?:[^\n;]*\s)?-\w*f/.test(command)
  );
}

function isServer({ text, isShell }: Script): boolean {
  const match = SERVERS.exec(text);
  if (match === null) return false;
  const from = match.index + match[0].length;
  return !endsAtOnce(lineFrom(text, from)) && (!isShell || isForeground(text, from));
}

/** Does the command do one thing and end? */
export function endsAtOnce(line: string): boolean {
  return line.split(/\s+/).some((word) => FINITE.test(word));
}

/** The rest of the simple command that reaches to here. */
export function lineFrom(text: string, from: number): string {
  return /^[^\n;&|]*/.exec(text.slice(from))?.[0] ?? '';
}

const SERVE =
  /(?:^|[\s/_]|(?<=\w)-)(?:serve|server|daemon|start-server|listen)(?=$|\s)|--(?:listen|serve|daemon|server)(?=[=\s]|$)|(?:^|\s)--?(?:foreground|no-?daemon|nofork|no-detach)(?=[=\s]|$)|\b(?:npm|yarn|pnpm)\s+(?:run\s+)?(?:dev|serve|start|preview)\b/;

/** By a word of the argv, or in the last command of a script. */
function isToldToServe({ text, isShell, words, program }: Script): boolean {
  if (!isShell)
    return (
      SERVE.test([program, ...words].join(' ')) ||
      words.some((word) => /^(?:agent|proxy|sidecar)$/.test(word))
    );
  const last =
    text
      .trim()
      .split(/\n|;|&&/)
      .at(-1) ?? '';
  return /^\s*exec\s/.test(last) && SERVE.test(last);
}

/** `server & PID=$!; …; kill $PID`: the hand-made supervisor of a sidecar. Beside the child it only waits. */
export function startsChildToKill(text: string): boolean {
  const child = /[^&>|]&\s*(?:[\n;]|\w+=\$!|while|until|for|\(|$)/m.exec(text);
  return (
    child !== null &&
    /\bkill\b(?!\s+-0)|\bwhile\b[\s\S]*\bdone\b\s*(?:&&|;)?\s*exit\b/.test(text) &&
    /\b(?:while|until|for|sleep)\b/.test(text) &&
    !doesMoreThanWait(text.slice(child.index + 2))
  );
}

const CONTROL =
  /^(?:(?:if|then|elif|else|fi|while|until|do|done|in|!|\{|\}|\(|\)|\w+=(?:"[^"]*"|'[^']*'|\S*))(?:\s+|$))+/;
const WAITING =
  /^(?:$|[)}#&|]|(?:\S*\/)?(?:\[\[?|test|sleep|kill|pkill|wait|exit|echo|printf|true|false|:|pgrep|ps|inotifywait|date|trap|rm|cat|ls|stat|set|break|continue|return|for|case|esac|local|export|shift|grep|wc|awk|nc|curl|wget|touch|sync|mkdir|chmod|chown|cd|ln)(?:\s|$|\))|[\w-]+\s*\(\))/;

/** Is anything in the foreground that is neither waiting nor ending? */
function doesMoreThanWait(script: string): boolean {
  return script.split(/[\n;]|&&|\|\|?|(?<![>&])&(?![>&\d])/).some((statement) => {
    return !WAITING.test(statement.trim().replace(CONTROL, ''));
  });
}

/** `until [ -f x ]; do sleep 1; done; upload`: not a sidecar, though it waits like one. */
export function worksAfterWait(text: string): boolean {
  const loop =
    /\b(?:while|until)\b[\s\S]{0,160}?(?:\[\[?\s|\btest\b|\bcurl\b|\bnc\b|\bpg_isready\b|\bping\b|\bls\b|\bstat\b)[\s\S]{0,400}?\bdone\b/.exec(
      text,
    );
  if (loop === null || startsChildToKill(text)) return false;
  const rest = text.slice(loop.index + loop[0].length).replace(/^[\s;&)]+/, '');
  return (
    rest !== '' &&
    !/^(?:exit|true|fi|wait|kill|break|echo[^\n;&]*(?:;|&&|\n)?\s*(?:exit[^\n]*)?$)/.test(rest) &&
    !SERVERS.test(rest)
  );
}
