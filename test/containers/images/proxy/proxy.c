/* A sidecar as in a distroless image: one static program, no shell, never ends by itself. Serves a line to each connection on
   the address of its argument (-instances=NAME=tcp:[ADDRESS:]PORT). ON_TERM: exit (default), ignore, or fail, with code 143. */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char *on_term = "exit";

static void end(int signal) {
  (void)signal;
  _exit(strcmp(on_term, "fail") ? 0 : 143);
}

int main(int count, char **words) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(3306)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  for (int i = 1; i < count; i++) {
    char *at = strstr(words[i], "tcp:"), *colon;
    if (!at) continue;
    at += 4;
    colon = strchr(at, ':');
    if (colon) {
      *colon = 0;
      inet_aton(at, &address.sin_addr);
      at = colon + 1;
    }
    address.sin_port = htons(atoi(at));
  }
  if (getenv("ON_TERM")) on_term = getenv("ON_TERM");
  signal(SIGTERM, strcmp(on_term, "ignore") ? end : SIG_IGN);
  int listener = socket(AF_INET, SOCK_STREAM, 0), one = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(listener, (void *)&address, sizeof address) || listen(listener, 16)) return perror("proxy"), 1;
  dprintf(1, "ready for new connections\n");
  for (;;) {
    int client = accept(listener, 0, 0);
    if (client < 0) continue;
    dprintf(client, "hello\n");
    close(client);
  }
}
