/* SPDX-License-Identifier: Apache-2.0
 *
 * The options of `gotgan load`.
 */
#define _GNU_SOURCE
#include "client/load_options.h"

#include <getopt.h>

#include "base/text.h"

enum { SAMPLE_ROWS = 20000, SAMPLE_ROWS_MAX = 1000000 };

static const char help[] =
    "gotgan load FILE... --table NAME: loads files into a table, all of them or nothing\n"
    "\n"
    "FILE ends in .csv, .tsv or .tbl, or with .gz or .zst behind it; - is the standard input.\n"
    "The table is made when it is not there: header and column types are read off the first rows.\n"
    "\n"
    "  -t, --table NAME        table, or schema.table\n"
    "      --format csv|text   form of the files (by name: text for .tbl, else csv)\n"
    "      --delimiter CHAR    between fields, \\t for a tab (by name: , or a tab or |)\n"
    "      --null TEXT         what stands for NULL (an empty field without quotes)\n"
    "      --header            the first line holds the names of the columns\n"
    "      --no-header         it does not (without both: guessed, and said)\n"
    "      --type COLUMN=TYPE  type of a column of a table to be made; may be repeated\n"
    "      --sample-rows N     rows the types are read off (20000)\n"
    "      --create-only       makes the table and loads nothing\n"
    "      --quiet             says nothing but errors\n"
    "\n"
    "  -h, --host HOST         (127.0.0.1)\n"
    "  -p, --port PORT         (5433)\n"
    "  -U, --user NAME         (gotgan)\n"
    "  -d, --database NAME     (gotgan)\n"
    "\n"
    "Names of a header become lower case, with _ for what is neither letter nor digit. Lines of "
    ".tbl\n"
    "files lose the delimiter at their end. Exit status: 0 loaded, 1 nothing was loaded, 2 "
    "usage.\n";

enum {
    LONG_ONLY = 256,
    DELIMITER,
    NULL_TEXT,
    HEADER,
    NO_HEADER,
    FORMAT,
    COLUMN_TYPE,
    ROWS,
    CREATE_ONLY,
    QUIET,
    HELP
};

static const struct option long_options[] = {{"table", required_argument, NULL, 't'},
                                             {"host", required_argument, NULL, 'h'},
                                             {"port", required_argument, NULL, 'p'},
                                             {"user", required_argument, NULL, 'U'},
                                             {"database", required_argument, NULL, 'd'},
                                             {"delimiter", required_argument, NULL, DELIMITER},
                                             {"null", required_argument, NULL, NULL_TEXT},
                                             {"header", no_argument, NULL, HEADER},
                                             {"no-header", no_argument, NULL, NO_HEADER},
                                             {"format", required_argument, NULL, FORMAT},
                                             {"type", required_argument, NULL, COLUMN_TYPE},
                                             {"sample-rows", required_argument, NULL, ROWS},
                                             {"create-only", no_argument, NULL, CREATE_ONLY},
                                             {"quiet", no_argument, NULL, QUIET},
                                             {"help", no_argument, NULL, HELP},
                                             {NULL, 0, NULL, 0}};

static bool wrong(const char *what, const char *value)
{
    fprintf(stderr, "gotgan load: %s: \"%s\" (see gotgan load --help)\n", what, value);
    return false;
}

static bool set_delimiter(LoadOptions *options, const char *value)
{
    options->delimiter = strcmp(value, "\\t") == 0 ? '\t' : value[0];
    if (options->delimiter == 0 || (value[1] && options->delimiter != '\t') ||
        strchr("\n\r\"\\", options->delimiter))
        return wrong("the delimiter must be one character", value);
    return true;
}

static bool set_type(LoadOptions *options, const char *value)
{
    Text text = text_from(value);
    i64 equals = text_find_byte(text, '=');
    if (equals == 0 || equals + 1 >= text.len)
        return wrong("expected COLUMN=TYPE", value);
    if (options->type_count == TYPE_WISHES_MAX)
        return wrong("too many types", value);
    options->types[options->type_count++] =
        (TypeWish){text_slice(text, 0, equals), text_slice(text, equals + 1, text.len)};
    return true;
}

static bool set_rows(LoadOptions *options, const char *value)
{
    char *end;
    options->sample_rows = strtoll(value, &end, 10);
    if (*end || options->sample_rows < 1 || options->sample_rows > SAMPLE_ROWS_MAX)
        return wrong("sample rows must be 1 to 1000000", value);
    return true;
}

static bool set_format(LoadOptions *options, const char *value)
{
    options->format = strcmp(value, "text") == 0 ? FORMAT_TEXT : FORMAT_CSV;
    return strcmp(value, "text") == 0 || strcmp(value, "csv") == 0 ||
           wrong("the format is csv or text", value);
}

/* One option; false: a value is wrong and that was said. */
static bool take(LoadOptions *options, int option)
{
    const char **texts[128] = {
        ['t'] = &options->table, ['h'] = &options->host,     ['p'] = &options->port,
        ['U'] = &options->user,  ['d'] = &options->database,
    };
    if (option < countof(texts)) {
        *texts[option] = optarg;
        return true;
    }
    switch (option) {
    case DELIMITER:
        return set_delimiter(options, optarg);
    case NULL_TEXT:
        options->null = optarg;
        return true;
    case HEADER:
    case NO_HEADER:
        options->header = option == HEADER ? HEADER_YES : HEADER_NO;
        return true;
    case FORMAT:
        return set_format(options, optarg);
    case COLUMN_TYPE:
        return set_type(options, optarg);
    case ROWS:
        return set_rows(options, optarg);
    case CREATE_ONLY:
        options->create_only = true;
        return true;
    default:
        options->quiet = true;
        return true;
    }
}

OptionsStatus load_options_read(int argc, char **argv, LoadOptions *options)
{
    *options = (LoadOptions){.host = "127.0.0.1",
                             .port = "5433",
                             .user = "gotgan",
                             .database = "gotgan",
                             .sample_rows = SAMPLE_ROWS};
    int option;
    while ((option = getopt_long(argc, argv, "t:h:p:U:d:", long_options, NULL)) != -1) {
        if (option == HELP) {
            fputs(help, stdout);
            return OPTIONS_HELP;
        }
        if (option == '?' || !take(options, option)) /* said already */
            return OPTIONS_BAD;
    }
    options->files = argv + optind;
    options->file_count = argc - optind;
    if (options->file_count == 0 || !options->table) {
        fputs("gotgan load: what to load and into which table? gotgan load FILE... --table NAME\n",
              stderr);
        return OPTIONS_BAD;
    }
    return OPTIONS_GOOD;
}
