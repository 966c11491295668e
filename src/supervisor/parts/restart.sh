# A sidecar that crashed is started again in its container, after 1, 2, 4 and so on seconds.
# GUILLOTINE_RESTARTS  how often at most
g_restarts=0 g_delay=1
g_restart() {
  [ "$g_code" != 0 ] && [ "$g_restarts" -lt "${GUILLOTINE_RESTARTS:-0}" ] || return
  g_restarts=$((g_restarts + 1)) g_left=$g_delay g_delay=$((g_delay * 2))
  while [ "$g_left" -gt 0 ]; do
    [ -z "$g_told" ] && ! g_finished || return   # it was told to end, or is not needed any more
    g_sleep 1; g_left=$((g_left - 1))
  done
  g_say "the sidecar ended with $g_code: restart $g_restarts of $GUILLOTINE_RESTARTS"; g_run "$@"
}
