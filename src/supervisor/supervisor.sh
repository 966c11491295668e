#!/bin/sh
# guillotine: ends the sidecars of this pod when its main containers are done.
# usage: run ROLE COMMAND [ARG...]
#   main          runs COMMAND and leaves the sentinel when it has ended
#   retried-main  the same, only after success: a failed one is started again by the kubelet
#   sidecar       runs COMMAND until every sentinel is there, then stops it and exits 0
# GUILLOTINE_WATCHED_FILE  the sentinel; for a sidecar all of them, separated by spaces
# GUILLOTINE_INTERVAL      seconds between two looks of a sidecar (1)
# GUILLOTINE_GRACE         seconds from TERM to KILL (10)
# GUILLOTINE_QUIT          what a main calls when all mains are done, one call a line: GET or POST, a blank, the URL;
#                          its GUILLOTINE_WATCHED_FILE then holds all sentinels, its own first
g_role=$1; shift
g_first=${GUILLOTINE_WATCHED_FILE%% *}
g_dir=${g_first%/*}
g_box=$g_dir/busybox; [ -x "$g_box" ] || g_box=''   # an injected shell brings its own tools
g_signals='HUP INT QUIT TERM USR1 USR2'
g_child='' g_code='' g_signal=''

# Not every image has `sleep` on its PATH; without one a loop would spin.
g_sleep() { $g_box sleep "$1" 2> /dev/null || PATH=/usr/bin:/bin sleep "$1"; }

g_say() { echo "guillotine: $*" >&2; }

g_finished() { for g_file in $GUILLOTINE_WATCHED_FILE; do [ -e "$g_file" ] || return 1; done; }

# Runs the command as a child and passes signals on; its exit code is left in g_code.
# stdin goes through descriptor 3, because a shell gives background commands /dev/null.
# shellcheck disable=SC2064,SC2086  # the signal's name is meant to be expanded at once, the list to be split
g_start() {
  for g_name in $g_signals; do trap "g_signal=$g_name; kill -$g_name \$g_child 2> /dev/null" "$g_name"; done
  exec 3<&0
  ( trap - $g_signals; exec "$@" <&3 3<&- ) &
  g_child=$!
}

# A signal ends `wait` early, so it waits until none came; mksh tells a status once, then 127.
g_wait() {
  while :; do
    g_signal=''; wait "$g_child" 2> /dev/null; g_status=$?
    [ "$g_status" = 127 ] && [ "$g_code" ] || g_code=$g_status
    [ "$g_signal" ] || return 0
  done
}

g_leave_sentinel() {
  ( umask 0; [ -d "$g_dir" ] || $g_box mkdir -p "$g_dir"; : > "$g_first" ) ||
    g_say "cannot write $g_first: the sidecars of this pod will not end"
}

# Ends sidecars that a webhook injected. Each call is tried for 5 s; main's exit code stays whatever comes of it.
# Busybox's `wget -T` crashes where it was built without timeouts (github.com/mirror/busybox/issues/124).
g_quit() {
  echo "$GUILLOTINE_QUIT" | while read -r g_method g_url; do
    if [ "$g_method" = POST ]; then set -- --post-data= "$g_url"; else set -- "$g_url"; fi
    g_end=$(($($g_box date +%s) + 5))
    until { "$g_box" timeout 2 "$g_box" wget -q -Y off -O /dev/null "$@"; } 2> /dev/null; do
      g_sleep 1
      [ "$($g_box date +%s)" -lt $g_end ] || { g_say "$g_method $g_url failed: that sidecar may not end"; break; }
    done
  done
}

g_stop_when_finished() {
  until g_finished; do
    g_sleep "${GUILLOTINE_INTERVAL:-1}" || { g_say 'there is no sleep here: the sidecar will not end'; return; }
  done
  kill -TERM "$g_child" 2> /dev/null
  g_left=${GUILLOTINE_GRACE:-10}
  while [ "$g_left" -gt 0 ] && kill -0 "$g_child" 2> /dev/null; do g_sleep 1; g_left=$((g_left - 1)); done
  kill -0 "$g_child" 2> /dev/null || return 0
  g_say "the sidecar did not end within ${GUILLOTINE_GRACE:-10} s of TERM: killed"   # first: KILL ends this, too
  kill -KILL "$g_child" 2> /dev/null
}

case $g_role in
sidecar)
  g_finished && exit 0   # the mains were done before it began
  g_start "$@"
  g_stop_when_finished < /dev/null > /dev/null 3<&- &
  g_watcher=$!
  g_wait
  kill "$g_watcher" 2> /dev/null
  g_finished && exit 0
  exit "$g_code" ;;
main | retried-main)
  [ ! -e "$g_first" ] || $g_box rm -f "$g_first"   # left by an earlier start of this container
  g_start "$@"
  g_wait
  [ "$g_role$g_code" = retried-main0 ] || [ "$g_role" = main ] && g_leave_sentinel
  [ "${GUILLOTINE_QUIT:-}" ] && g_finished && g_quit
  exit "$g_code" ;;
*) g_say "unknown role \"$g_role\""; exit 2 ;;
esac
