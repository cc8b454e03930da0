/* SPDX-License-Identifier: Apache-2.0
 *
 * gotgan load: files into a table, in one transaction.
 */
#ifndef GOTGAN_LOAD_H
#define GOTGAN_LOAD_H

enum { LOAD_DONE = 0, LOAD_FAILED = 1, LOAD_USAGE = 2 };

/* argv[0] is "load". The exit status. */
int load_main(int argc, char **argv);

#endif
