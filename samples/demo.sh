#!/bin/sh
# demo.sh -- runs the samples one after the other; the second one draws a picture and says where.
#
# meson calls it: demo.sh SIMPLE_STREAM COFFEE PICTURE

set -e

echo
echo "---- simple_stream: one asynchronous call, step by step ----"
"$1"
echo
echo "---- coffee: two slow servers, asked one after the other and at once ----"
"$2" --svg "$3"
