/* SPDX-License-Identifier: Apache-2.0
 *
 * One line to stderr, whole, with the time in front. The only log there is.
 */
#ifndef GOTGAN_LOG_H
#define GOTGAN_LOG_H

#include "base/error.h"

typedef enum LogLevel { LOG_INFO, LOG_WARNING, LOG_ERROR } LogLevel;

/* Thread-safe; a line longer than 2,000 bytes is cut. */
void log_line(LogLevel level, const char *format, ...) printf_like(2, 3);

#endif
