/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs a fuzz target on files: usage <target> FILE... What once failed lies in the corpus and is
 * tried again in every build, also where there is no libFuzzer.
 */
#include <stdlib.h>

#include "tests/fuzz/fuzz.h"

static bool read_file(const char *path, Buffer *bytes)
{
    Error error;
    u8 piece[4096];
    size_t count;
    FILE *file = fopen(path, "rbe");
    if (!file)
        return false;
    bytes->len = 0;
    bool good = true;
    while (good && (count = fread(piece, 1, sizeof piece, file)) > 0)
        good = buffer_append(bytes, piece, (i64)count, &error);
    fclose(file);
    return good;
}

int main(int count, char **paths)
{
    Buffer bytes;
    buffer_open(&bytes, NULL);
    for (int i = 1; i < count; i++) {
        if (!read_file(paths[i], &bytes)) {
            fprintf(stderr, "cannot read %s\n", paths[i]);
            return 1;
        }
        LLVMFuzzerTestOneInput(bytes.data, (size_t)bytes.len);
    }
    buffer_close(&bytes);
    printf("replay: files=%d\n", count - 1);
    return count > 1 ? 0 : 1;
}
