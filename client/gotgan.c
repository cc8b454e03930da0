/* SPDX-License-Identifier: Apache-2.0
 *
 * gotgan: the command beside the server. Exit status: 0 done, 1 failed (nothing was changed), 2
 * wrong usage.
 */
#include "base/text.h"
#include "base/version.h"
#include "client/load.h"

static const char help[] = "gotgan " GOTGAN_VERSION ", client of the Gotgan warehouse server\n"
                           "\n"
                           "  gotgan load FILE... --table NAME   loads files into a table\n"
                           "  gotgan load --help                 its options\n"
                           "  gotgan --version\n"
                           "\n"
                           "For SQL use psql: psql -h 127.0.0.1 -p 5433 -U gotgan gotgan\n";

typedef struct Command {
    const char *name;
    int (*run)(int argc, char **argv);
} Command;

static const Command commands[] = {{"load", load_main}};

int main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "";
    if (strcmp(name, "--version") == 0) {
        puts("gotgan " GOTGAN_VERSION);
        return 0;
    }
    if (strcmp(name, "--help") == 0 || strcmp(name, "help") == 0) {
        fputs(help, stdout);
        return 0;
    }
    for (i32 i = 0; i < countof(commands); i++)
        if (strcmp(name, commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    if (name[0])
        fprintf(stderr, "gotgan: there is no command \"%s\"\n\n", name);
    fputs(help, stderr);
    return LOAD_USAGE;
}
