/* SPDX-License-Identifier: Apache-2.0
 *
 * The server's options: command line and configuration file, with the same names.
 */
#ifndef GOTGAN_CONFIG_H
#define GOTGAN_CONFIG_H

#include "server/server.h"

/* Defaults, then the configuration file (DIR/gotgan.conf or --config), then the command line.
 * F0000 with a message for the user. *exit_now: --help or --version was answered. */
must_check bool config_read(int argc, char **argv, ServerOptions *options, bool *exit_now,
                            Error *error);

#endif
