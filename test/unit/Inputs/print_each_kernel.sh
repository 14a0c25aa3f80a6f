# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# print_each_kernel.sh UNIT FOLDER CC - each kernel of FOLDER/names compiles by itself: it brings along what it needs.
set -eu
while read -r name; do
  "$1" print "$name" > "$2/$name.c"
  "$3" -std=c99 -Wall -Wextra -Werror -pedantic -fsyntax-only "$2/$name.c"
done < "$2/names"
