/* SPDX-License-Identifier: Apache-2.0
 *
 * The table of encodings. A constant segment has no blocks: its decode gets no bytes.
 */
#include "storage/encoding.h"

const Encoding encoding_table[ENCODING_COUNT] = {
    // clang-format off
    [ENCODING_CONSTANT]   = {"constant",   integer_encode,    integer_decode},
    [ENCODING_FOR]        = {"for",        integer_encode,    integer_decode},
    [ENCODING_BITPACK]    = {"bitpack",    integer_encode,    integer_decode},
    [ENCODING_DICTIONARY] = {"dictionary", dictionary_encode, dictionary_decode},
    [ENCODING_PLAIN]      = {"plain",      plain_encode,      plain_decode},
    [ENCODING_BYTES]      = {"bytes",      bytes_encode,      bytes_decode},
    // clang-format on
};

bool encoding_damaged(Error *error)
{
    return error_set(error, E_DATA_CORRUPTED, "a block of a data file is damaged");
}
