# The main that ends last ends sidecars that a webhook injected. Each call is tried for 5 s, and main's code stays.
# GUILLOTINE_QUIT  a call a line: GET or POST, a blank, the URL. GUILLOTINE_WATCHED_FILE: all sentinels, main's own first
# Busybox's `wget -T` crashes where it was built without timeouts (github.com/mirror/busybox/issues/124).
g_quit() {
  [ -z "${GUILLOTINE_QUIT:-}" ] || echo "$GUILLOTINE_QUIT" | while read -r g_method g_url; do
    if [ "$g_method" = POST ]; then set -- --post-data= "$g_url"; else set -- "$g_url"; fi
    g_end=$(($($g_box date +%s) + 5))
    until { "$g_box" timeout 2 "$g_box" wget -q -Y off -O /dev/null "$@"; } 2> /dev/null; do
      g_sleep 1
      [ "$($g_box date +%s)" -lt "$g_end" ] || { g_say "$g_method $g_url failed: that sidecar may not end"; break; }
    done
  done
}
