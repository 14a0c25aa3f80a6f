# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""console.py ROOT BUILD SCRATCH PAGE... - do what the pages show.

A fence marked `console` holds commands after `$ ` and what they print (both streams). Each page's fences run in order
in an empty folder in which the repository's folders, and the build as `build`, are links. A command must end with
status 0, unless it says `; echo $?` itself. In the shown output `...` stands for any text, at the end of a line for
the rest of it, and alone in a line for any lines; without it the output is exactly what is shown. A command with
nothing below it may print anything.
"""
import os
import re
import shutil
import subprocess
import sys

FENCE = re.compile(r"^```console\n(.*?)^```$", re.S | re.M)


def commands(block):
    """(command, lines shown below it) of a fence; a command goes on after a backslash."""
    found = []
    for line in block.rstrip("\n").split("\n"):
        if found and found[-1][0].endswith("\\"):
            found[-1][0] = found[-1][0][:-1] + line.strip()
        elif line.startswith("$ "):
            found.append([line[2:], []])
        elif found:
            found[-1][1].append(line)
        else:
            raise SystemExit("console: output without a command: " + line)
    return found


def pattern(shown):
    text = ""
    for line in shown:
        if line.strip() == "...":
            text += r"(?:[^\n]*\n)*?"
        else:
            text += r"[^\n]*?".join(re.escape(part) for part in line.split("...")) + r"\n"
    return re.compile(text)


def difference(printed, shown):
    """What people want to see of a mismatch: the first shown line that isn't there, or else all that was printed."""
    for n in range(1, len(shown) + 1):
        if not pattern(shown[:n]).match(printed):
            return "not found, or not at its place: " + shown[n - 1]
    return "printed:\n" + printed


def run(command, folder, build):
    tools = os.path.join(build, "bin")
    environment = dict(os.environ, PATH=tools + os.pathsep + os.environ["PATH"])
    return subprocess.run(["bash", "-o", "pipefail", "-c", command], cwd=folder, env=environment, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def check_page(page, root, build, folder):
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for name in os.listdir(root):
        if not name.startswith((".", "build")):
            os.symlink(os.path.join(root, name), os.path.join(folder, name))
    os.symlink(build, os.path.join(folder, "build"))
    with open(os.path.join(root, page), encoding="utf-8") as file:
        blocks = FENCE.findall(file.read())
    n_wrong = n = 0
    for command, shown in (item for block in blocks for item in commands(block)):
        n += 1
        done = run(command, folder, build)
        if done.returncode == 0 and (not shown or pattern(shown).fullmatch(done.stdout)):
            continue
        n_wrong += 1
        print("%s: $ %s\nstatus %d; %s" % (page, command, done.returncode, difference(done.stdout, shown)))
    print("%s: %d commands, %d wrong" % (page, n, n_wrong))
    return n > 0 and n_wrong == 0


def main():
    root, build, scratch, pages = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]
    good = [check_page(page, os.path.abspath(root), os.path.abspath(build), scratch) for page in pages]
    return not all(good)


sys.exit(main())
