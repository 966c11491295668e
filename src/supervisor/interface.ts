// What the supervisor's script and the manifests that call it agree on. The script says the same to its reader.

/** The script's first argument. The retried ones are for pods in which the kubelet starts failed containers again. */
export const SUPERVISOR_ROLES = {
  main: 'main',
  sidecar: 'sidecar',
  retriedMain: 'retried-main',
  retriedSidecar: 'retried-sidecar',
  /** The sidecars' own supervisor looks for its file and for nothing else. */
  mainOfBinary: 'main-of-binary',
  retriedMainOfBinary: 'retried-main-of-binary',
  /** Of a postStart hook. */
  lifeline: 'lifeline',
} as const;

/** The sentinel's path; for a sidecar, or a main with QUIT, those of all mains, separated by spaces. */
export const WATCHED_FILE = 'GUILLOTINE_WATCHED_FILE';
/** What a sidecar leaves when it has ended: a path beside the sentinels. */
export const OWN_FILE = 'GUILLOTINE_OWN_FILE';
/** Of the sidecars that end before it: their OWN_FILEs, separated by spaces. */
export const AFTER = 'GUILLOTINE_AFTER';
/** Seconds between two looks of a sidecar. */
export const INTERVAL = 'GUILLOTINE_INTERVAL';
/** Seconds before the stop signal. */
export const DRAIN = 'GUILLOTINE_DRAIN';
/** A command that runs before the stop signal, quoted for a shell. */
export const PRE_STOP = 'GUILLOTINE_PRE_STOP';
/** A signal's name without SIG. */
export const STOP_SIGNAL = 'GUILLOTINE_STOP_SIGNAL';
/** Seconds from the stop signal to KILL. */
export const GRACE = 'GUILLOTINE_GRACE';
/** How often a sidecar that crashed is started again. */
export const RESTARTS = 'GUILLOTINE_RESTARTS';
/** Seconds for which a sidecar holds TERM back. */
export const TERM_AFTER = 'GUILLOTINE_TERM_AFTER';
/** What a main's command waits for: `tcp:PORT`, `http:PORT/PATH`, `file:PATH`, separated by spaces. */
export const WAIT_FOR = 'GUILLOTINE_WAIT_FOR';
/** Of mains that are not wrapped: their sentinels, which the sidecars leave; separated by spaces. */
export const LIFELINES = 'GUILLOTINE_LIFELINES';
/** Seconds that a sidecar waits for such a main to begin. */
export const GIVE_UP = 'GUILLOTINE_GIVE_UP';
/** How long, in seconds, at most. */
export const WAIT_SECONDS = 'GUILLOTINE_WAIT_SECONDS';
/**
 * What a main calls when every main has left its sentinel, one call a line: `GET` or `POST`, a blank, the URL. Then its
 * WATCHED_FILE holds the sentinels of all mains, its own first, and busybox must stand in the directory of the sentinels.
 */
export const QUIT = 'GUILLOTINE_QUIT';

/** All of them: a container that sets one itself cannot be wrapped. */
export const VARIABLES: readonly string[] = [
  WATCHED_FILE,
  OWN_FILE,
  AFTER,
  INTERVAL,
  DRAIN,
  PRE_STOP,
  STOP_SIGNAL,
  GRACE,
  RESTARTS,
  TERM_AFTER,
  LIFELINES,
  GIVE_UP,
  WAIT_FOR,
  WAIT_SECONDS,
  QUIT,
];

/** What the script takes where a variable is not set, in seconds. */
export const SCRIPT_DEFAULTS = { interval: 1, grace: 10, giveUp: 120 } as const;

/** The script's file name, in the directory where its volume is mounted. */
export const SCRIPT_FILE = 'run';
/** The injected shell, in the directory of the sentinels: there the script looks for its tools. */
export const BUSYBOX_FILE = 'busybox';
