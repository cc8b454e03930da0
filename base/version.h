/* SPDX-License-Identifier: Apache-2.0
 *
 * What this server says it is. Tools branch on the PostgreSQL number; our own follows in brackets.
 */
#ifndef GOTGAN_VERSION_H
#define GOTGAN_VERSION_H

#define GOTGAN_VERSION "0.1.0"
#define SERVER_VERSION "15.18 (Gotgan " GOTGAN_VERSION ")"
#define SERVER_VERSION_NUM "150018"

#endif
