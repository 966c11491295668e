# What comes before a sidecar's stop signal.
# GUILLOTINE_AFTER     what other sidecars leave that end first, separated by spaces; each knows its GUILLOTINE_OWN_FILE
# GUILLOTINE_DRAIN     seconds to wait (0)
# GUILLOTINE_PRE_STOP  its preStop hook, quoted for a shell; it has the grace, whatever comes of it, and then 2 s are left
g_before_stop() {
  for g_file in ${GUILLOTINE_AFTER:-}; do g_await "$g_file"; done
  g_sleep "${GUILLOTINE_DRAIN:-0}"
  [ "${GUILLOTINE_PRE_STOP:-}" ] || return 0
  ( eval "exec $GUILLOTINE_PRE_STOP" ) 2> /dev/null &
  g_hook=$!
  ( g_sleep "$g_left"; kill -KILL "$g_hook" ) 2> /dev/null &
  g_timer=$!
  wait "$g_hook" 2> /dev/null; [ $? != 137 ] || g_left=2
  kill "$g_timer" 2> /dev/null
}
