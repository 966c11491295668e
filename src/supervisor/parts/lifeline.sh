# A main whose command is not known is not wrapped: a postStart hook leaves a process in its container that holds its lifeline.
# usage: run lifeline FILE [HOOK...]   for the main that FILE stands for; HOOK is the hook that the container had
# GUILLOTINE_LIFELINES  for a sidecar: the FILEs of such mains, separated by spaces
# GUILLOTINE_GIVE_UP    seconds that it waits for one of them to begin
if [ "$1" = lifeline ]; then
  g_life=${2%/*}/alive/${2##*/} g_box=${2%/*}/busybox; shift 2
  ( umask 0; "$g_box" mkdir -p "${g_life%/*}"; "$g_box" rm -f "$g_life.new"; "$g_box" mkfifo "$g_life.new" || exit
    exec 9<> "$g_life.new"
    # It lives until its container dies: a main that signals all its processes must not end it.
    ( trap '' HUP INT QUIT TERM USR1 USR2; exec "$g_box" sleep 1000000000 ) < /dev/null > /dev/null 2>&1 &
    "$g_box" mv -f "$g_life.new" "$g_life" && echo >> "$g_life.births"
  ) 2> /dev/null || echo > "$g_life.failed"
  [ $# = 0 ] || exec "$@"
  exit 0   # a hook that fails kills its container
fi
g_count_births() { g_births=0; while read -r _; do g_births=$((g_births + 1)); done < "$g_life.births"; } 2> /dev/null
g_await_unwrapped() {   # leaves the sentinels of these mains: when one has ended, and is not started again
  for g_file in ${GUILLOTINE_LIFELINES:-}; do
    g_life=${g_file%/*}/alive/${g_file##*/} g_seen=0 g_delay=10 g_left=${GUILLOTINE_GIVE_UP:-120}
    while g_count_births; [ ! -e "$g_file" ]; do
      if [ "$g_births" != "$g_seen" ] && [ ! -e "$g_life.failed" ]; then
        g_seen=$g_births
        [ -p "$g_life" ] && { exec 8>&-; read -r _ <&7; :; } 2> /dev/null 8<> "$g_life" 7< "$g_life" ||
          echo > "$g_life.failed"
        case $g_role in
        sidecar) g_left=0 ;;
        held-*) continue 2 ;;
        *) g_left=$((g_delay > 30 ? g_delay + 30 : 60)) g_delay=$((g_delay < 150 ? g_delay * 2 : 300)) ;;
        esac   # a failed one is started again at once, and then after 10, 20, 40 ... 300 s
      fi
      [ ! -e "$g_life.failed" ] || { g_say "${g_file##*/}: no lifeline, so this sidecar will not end"; return 1; }
      if [ "$g_left" -gt 0 ]; then g_sleep 1; g_left=$((g_left - 1)); continue; fi
      [ "$g_seen" != 0 ] || g_say "${g_file##*/} has not begun: gave up"
      g_leave "$g_file"
    done
  done
}
