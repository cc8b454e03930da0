/* SPDX-License-Identifier: Apache-2.0
 *
 * CRC-32C: the check values of RFC 3720 appendix B.4, and the fast form against the table.
 */
#include "base/crc32c.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void rfc_vectors(void **state)
{
    u8 bytes[32] = {0};
    assert_int_equal(crc32c(0, bytes, 32), 0x8a9136aa);
    memset(bytes, 0xff, sizeof bytes);
    assert_int_equal(crc32c(0, bytes, 32), 0x62a8ab43);
    for (i32 i = 0; i < 32; i++)
        bytes[i] = (u8)i;
    assert_int_equal(crc32c(0, bytes, 32), 0x46dd794e);
    assert_int_equal(crc32c(0, "123456789", 9), 0xe3069283);
    assert_int_equal(crc32c_by_table(0, "123456789", 9), 0xe3069283);
}

static void both_forms_agree(void **state)
{
    static u8 bytes[10000];
    u32 random = 1;
    for (i32 i = 0; i < countof(bytes); i++)
        bytes[i] = (u8)((random = random * 1664525 + 1013904223) >> 24);
    for (i32 len = 0; len < countof(bytes); len += 1 + len / 7)
        for (i32 from = 0; from < 9; from++) {
            i32 n = len - from < 0 ? 0 : len - from;
            assert_int_equal(crc32c(77, bytes + from, n), crc32c_by_table(77, bytes + from, n));
        }
}

static void continues(void **state)
{
    static u8 bytes[8000];
    for (i32 i = 0; i < countof(bytes); i++)
        bytes[i] = (u8)(i * 7);
    u32 whole = crc32c(0, bytes, sizeof bytes);
    for (i32 cut = 0; cut <= countof(bytes); cut += 613)
        assert_int_equal(crc32c(crc32c(0, bytes, cut), bytes + cut, (i64)sizeof bytes - cut),
                         whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rfc_vectors),
        cmocka_unit_test(both_forms_agree),
        cmocka_unit_test(continues),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
