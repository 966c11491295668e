#!/bin/sh
# guillotine: ends the sidecars of this pod when its main containers have ended. Usage: run ROLE COMMAND [ARG...]
#   main     runs COMMAND and leaves its sentinel, a file, when that has ended; main-of-binary: without a lifeline
#   sidecar  runs COMMAND until the sentinels of all mains are there, then stops it and exits 0
#   retried-main, retried-main-of-binary, retried-sidecar: the same where what fails is restarted; there a main must succeed
# GUILLOTINE_WATCHED_FILE  the sentinel of a main; for a sidecar those of all mains, separated by spaces
# GUILLOTINE_INTERVAL, _GRACE, _STOP_SIGNAL  seconds between two looks (1), from the signal (TERM) to KILL (10)
# shellcheck disable=SC2034,SC2064,SC2094,SC2317  # parts use and call these; names expand at once; a FIFO is opened twice
g_role=$1 g_own=${GUILLOTINE_WATCHED_FILE%% *} g_child='' g_watcher='' g_pending='' g_told='' g_code=''; shift
g_dir=${g_own%/*}; g_box=$g_dir/busybox; [ -x "$g_box" ] || g_box=''   # an injected shell brings its own tools
g_say() { echo "guillotine: $*" >&2; }; g_sleep() { $g_box sleep "$1" 2> /dev/null || PATH=/usr/bin:/bin sleep "$1"; }
g_do() { ! command -v "$1" > /dev/null || "$@"; }   # what only some pods need stands above where it is needed
g_finished() { for g_file in $GUILLOTINE_WATCHED_FILE; do [ -e "$g_file" ] || return 1; done; }
g_leave() { ( umask 0; [ -d "$g_dir" ] || $g_box mkdir -p "$g_dir"; : > "$1" ) || g_say "cannot write $1"; }
g_hold_lifeline() {   # a FIFO, open until this process dies, whatever kills it; it gets its name when it is open
  g_life=$g_dir/alive/${g_own##*/}; [ ! -e "$g_own" ] || $g_box rm -f "$g_own"   # left by an earlier start
  case $g_role:$g_dir in *binary:* | */.guillotine) return 0 ;; esac   # in a volume of the user's a FIFO may block a backup
  ( umask 0; $g_box mkdir -p "$g_dir/alive"; $g_box rm -f "$g_life.new"; $g_box mkfifo "$g_life.new" ) 2> /dev/null &&
    exec 9<> "$g_life.new" && $g_box mv -f "$g_life.new" "$g_life"
}
g_await() {   # until the file $1 is there; a lifeline wakes at once, and its end is the end where nothing is restarted
  until [ -e "$1" ]; do
    g_life=${1%/*}/alive/${1##*/}
    [ -p "$g_life" ] && { exec 8>&-; read -r _ <&7; :; } 2> /dev/null 8<> "$g_life" 7< "$g_life" && [ ! -e "$1" ] &&
      case $g_role in held-*) return ;; sidecar) g_say "${1##*/}: that container was killed"; g_leave "$1" ;; esac
    [ -e "$1" ] || g_sleep "${GUILLOTINE_INTERVAL:-1}" || { g_say 'no sleep here: the sidecar will not end'; return 1; }
  done
}
g_watch() {   # stops the sidecar when it is time
  g_do g_await_unwrapped || return; for g_file in $GUILLOTINE_WATCHED_FILE; do g_await "$g_file" || return; done
  g_left=${GUILLOTINE_GRACE:-10}; g_do g_before_stop
  kill -"${GUILLOTINE_STOP_SIGNAL:-TERM}" "$g_child" 2> /dev/null
  while [ "$g_left" -gt 0 ] && kill -0 "$g_child" 2> /dev/null; do g_sleep 1; g_left=$((g_left - 1)); done
  kill -0 "$g_child" 2> /dev/null && g_say "the sidecar did not end in ${GUILLOTINE_GRACE:-10} s: killed" && kill -9 "$g_child"
} < /dev/null > /dev/null 3<&- 9<&-
g_deliver() {   # signals go to the child only
  case $1 in INT | QUIT | TERM) g_told=1 ;; esac; g_pending="$g_pending $1" g_signal=1; [ "$g_child" ] || return 0
  g_now=$g_pending g_pending=''; for g_name in $g_now; do kill -"$g_name" "$g_child" 2> /dev/null; done
}
g_is_copy() {   # is the child still a copy of this shell, which would swallow a signal? A signal also ends a `read` early
  g_signal='' g_a='' g_b=''; read -r g_a < /proc/$$/cmdline; read -r g_b < "/proc/$g_new/cmdline"
  [ "$g_signal" ] || [ "$g_a" = "$g_b" ]
} 2> /dev/null
g_run() {   # its exit code is left in g_code; descriptor 3 is our stdin, which shells withhold from background commands
  exec 3<&0; g_child='' g_code='' g_tries=0
  ( trap - HUP INT QUIT TERM USR1 USR2 WINCH; exec "$@" <&3 3<&- 9<&- ) & g_new=$!
  while g_is_copy && [ $((g_tries += 1)) -lt 9999 ]; do :; done; g_child=$g_new; g_deliver ''
  case $g_role in *sidecar) g_watch & g_watcher=$! ;; esac
  while [ "$g_signal" ]; do   # a signal ends `wait` early; mksh tells a status only once; bash may lose it, and wait for ever
    g_signal='' g_timer=''; if kill -0 $g_child; then g_code=''; else ( g_sleep 1; kill -WINCH $$ ) & g_timer=$!; fi
    wait $g_child; g_rc=$?; [ "$g_code" ] && { [ $g_rc = 127 ] || [ "${g_timer:+$g_signal}" ]; } || g_code=$g_rc
    [ -z "$g_timer" ] || { kill $g_timer; break; }
  done 2> /dev/null; kill "$g_watcher" 2> /dev/null; g_do g_restart "$@"
}
for g_name in HUP INT QUIT TERM USR1 USR2 WINCH; do trap "g_deliver $g_name" $g_name; done
case $g_role in *sidecar) g_do g_hold_term; g_own=${GUILLOTINE_OWN_FILE:-}; ! g_finished || g_code=0 ;; esac
[ -z "$g_own" ] || g_hold_lifeline; [ "$g_code" ] || ! g_do g_wait_for || g_run "$@"
case $g_role in *sidecar) ! g_finished || g_code=0 ;; esac
case $g_role:$g_code in [ms]* | *:0) [ -z "$g_own" ] || g_leave "$g_own" ;; esac
! g_finished || g_do g_quit; exit "$g_code"
