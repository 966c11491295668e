#!/bin/bash
# As that of the official image: what is no option of the server is executed.
set -eo pipefail
if [ "${1:0:1}" = - ]; then set -- mysqld "$@"; fi
exec "$@"
