# A main's command starts when its sidecars serve.
# GUILLOTINE_WAIT_FOR      tcp:PORT, http:PORT/PATH, file:PATH, separated by spaces
# GUILLOTINE_WAIT_SECONDS  after so many it is not started and 124 is the exit code, as with timeout(1)
g_serves() {
  case $1 in
  file:*) [ -e "${1#file:}" ] ;;
  http:*) "$g_box" timeout 2 "$g_box" wget -q -Y off -O /dev/null "http://127.0.0.1:${1#http:}" 2> /dev/null ;;
  tcp:*)   # a pod has one table of sockets, in which 0A is LISTEN: nobody is bothered with a connection
    for g_table in /proc/net/tcp /proc/net/tcp6; do
      while read -r _ g_local _ g_state _; do
        [ "$g_state" = 0A ] && [ $((0x${g_local##*:})) = "${1#tcp:}" ] && return
      done 2> /dev/null < "$g_table"
    done
    return 1 ;;
  esac
}
g_wait_for() {
  g_left=${GUILLOTINE_WAIT_SECONDS:-0}
  for g_what in ${GUILLOTINE_WAIT_FOR:-}; do
    until g_serves "$g_what"; do
      [ -z "$g_told" ] || { g_code=143; return 1; }
      [ "$g_left" -gt 0 ] || { g_say "$g_what did not serve within $GUILLOTINE_WAIT_SECONDS s"; g_code=124; return 1; }
      g_sleep 1; g_left=$((g_left - 1))
    done
  done
}
