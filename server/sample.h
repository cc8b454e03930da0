/* SPDX-License-Identifier: Apache-2.0
 *
 * The sample schema that --sample loads into a fresh directory.
 */
#ifndef GOTGAN_SAMPLE_H
#define GOTGAN_SAMPLE_H

#include "server/server.h"

/* server/sample.sql, put into the binary by the build. */
extern const char sample_text[];

/* Begins the load in a thread of its own and returns. */
void sample_start(Server *server);
/* Waits for that thread; its session has been stopped before. */
void sample_stop(Server *server);

#endif
