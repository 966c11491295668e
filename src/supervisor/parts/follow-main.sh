# A sidecar outlives the mains when the pod is deleted: TERM is held back until they have ended.
# GUILLOTINE_TERM_AFTER  seconds after which it is passed on in any case
g_held=''
g_hold_term() { [ -z "${GUILLOTINE_TERM_AFTER:-}" ] || trap g_follow_mains TERM; }
g_follow_mains() {
  [ -z "$g_held" ] || { g_deliver TERM; return; }
  g_held=1 g_told=TERM
  ( g_sleep "$GUILLOTINE_TERM_AFTER"; kill -TERM $$ ) 3<&- 9<&- &
  g_signal=1
  # Nothing is restarted in a pod that is deleted, so there, too, the end of a lifeline is the end of its main.
  [ "$g_role" = retried-sidecar ] || return 0
  g_role=held-sidecar
  [ -z "$g_watcher" ] || { kill "$g_watcher" 2> /dev/null; g_watch & g_watcher=$!; }
}
