/* SPDX-License-Identifier: Apache-2.0
 *
 * Functions that read the catalogue.
 */
#include "catalog/catalog.h"
#include "functions/function.h"

void catalog_attach_functions(void) {}
