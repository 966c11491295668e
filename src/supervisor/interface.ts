// What the supervisor's script and the manifests that call it agree on. supervisor.sh says the same to its reader.

/** The script's first argument. */
export const SUPERVISOR_ROLES = {
  /** Leaves the sentinel whatever the exit code: a pod that is never restarted. */
  main: 'main',
  /** Leaves it only after success: the kubelet starts a failed container again. */
  retriedMain: 'retried-main',
  sidecar: 'sidecar',
} as const;

/** The sentinel's path; for a sidecar, or a main with QUIT, those of all mains, separated by spaces. */
export const WATCHED_FILE = 'GUILLOTINE_WATCHED_FILE';
/**
 * What a main calls when every main has left its sentinel, one call a line: `GET` or `POST`, a blank, the URL. Then its
 * WATCHED_FILE holds the sentinels of all mains, its own first, and busybox must stand in the directory of the sentinels.
 */
export const QUIT = 'GUILLOTINE_QUIT';
/** Seconds between two looks of a sidecar. */
export const INTERVAL = 'GUILLOTINE_INTERVAL';
/** Seconds from TERM to KILL. */
export const GRACE = 'GUILLOTINE_GRACE';

/** What the script takes where a variable is not set, in seconds. */
export const SCRIPT_DEFAULTS = { interval: 1, grace: 10 } as const;

/** The script's file name, in the directory where its volume is mounted. */
export const SCRIPT_FILE = 'run';
/** The injected shell, in the directory of the sentinels: there the script looks for its tools. */
export const BUSYBOX_FILE = 'busybox';
