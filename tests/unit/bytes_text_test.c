/* SPDX-License-Identifier: Apache-2.0
 *
 * uuid and bytea text.
 *
 * The table was made by query from PostgreSQL 15.
 */
#include "tests/unit/text_cases.h"

/* oid, typmod, styles, zone, input, PostgreSQL 15's answer */
// clang-format off
static const TextCase cases[] = {
    {2950, -1, DATESTYLE_ISO, DATEORDER_MDY, INTERVALSTYLE_POSTGRES, "UTC", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"},
    {2950, -1, DATESTYLE_ISO, DATEORDER_MDY, INTERVALSTYLE_POSTGRES, "UTC", "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"},
    {2950, -1, DATESTYLE_ISO, DATEORDER_MDY, INTERVALSTYLE_POSTGRES, "UTC", "{a0eebc99-9c0b4ef8-bb6d6bb9-bd380a11}", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"},
    {2950, -1, DATESTYLE_ISO, DATEORDER_MDY, INTERVALSTYLE_POSTGRES, "UTC", "a0eebc999c0b4ef8bb6d6bb9bd380a11", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"},
    {2950, -1, DATESTYLE_ISO, DATEORDER_MDY, INTERVALSTYLE_POSTGRES, "UTC", "a0ee-bc99-9c0b-4ef8-bb6d-6bb9-bd38-0a11", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"},
    {2950, -1, DATESTYLE_ISO, DATEORDER_MDY, INTERVALSTYLE_POSTGRES, "UTC", "a0eebc99", "ERR 22P02 invalid input syntax for type uuid: \042a0eebc99\042"},
    {2950, -1, DATESTYLE_ISO, DATEORDER_MDY, INTERVALSTYLE_POSTGRES, "UTC", "{a0eebc999c0b4ef8bb6d6bb9bd380a11", "ERR 22P02 invalid input syntax for type uuid: \042{a0eebc999c0b4ef8bb6d6bb9bd380a11\042"},
    {2950, -1, DATESTYLE_ISO, DATEORDER_MDY, INTERVALSTYLE_POSTGRES, "UTC", "a0eebc999c0b4ef8bb6d6bb9bd380a11}", "ERR 22P02 invalid input syntax for type uuid: \042a0eebc999c0b4ef8bb6d6bb9bd380a11}\042"},
    {2950, -1, DATESTYLE_ISO, DATEORDER_MDY, INTERVALSTYLE_POSTGRES, "UTC", " a0eebc999c0b4ef8bb6d6bb9bd380a11", "ERR 22P02 invalid input syntax for type uuid: \042 a0eebc999c0b4ef8bb6d6bb9bd380a11\042"},
    {2950, -1, DATESTYLE_ISO, DATEORDER_MDY, INTERVALSTYLE_POSTGRES, "UTC", "a0-eebc999c0b4ef8bb6d6bb9bd380a11", "ERR 22P02 invalid input syntax for type uuid: \042a0-eebc999c0b4ef8bb6d6bb9bd380a11\042"},
    {2950, -1, DATESTYLE_ISO, DATEORDER_MDY, INTERVALSTYLE_POSTGRES, "UTC", "g0eebc999c0b4ef8bb6d6bb9bd380a11", "ERR 22P02 invalid input syntax for type uuid: \042g0eebc999c0b4ef8bb6d6bb9bd380a11\042"},
    {2950, -1, DATESTYLE_ISO, DATEORDER_MDY, INTERVALSTYLE_POSTGRES, "UTC", "", "ERR 22P02 invalid input syntax for type uuid: \042\042"},
    {2950, -1, DATESTYLE_ISO, DATEORDER_MDY, INTERVALSTYLE_POSTGRES, "UTC", "a0eebc999c0b4ef8bb6d6bb9bd380a11-", "ERR 22P02 invalid input syntax for type uuid: \042a0eebc999c0b4ef8bb6d6bb9bd380a11-\042"},
    {2950, -1, DATESTYLE_ISO, DATEORDER_MDY, INTERVALSTYLE_POSTGRES, "UTC", "a0eebc999c0b4ef8bb6d6bb9bd380a1", "ERR 22P02 invalid input syntax for type uuid: \042a0eebc999c0b4ef8bb6d6bb9bd380a1\042"},
    {17, -1, DATESTYLE_ISO, DATEORDER_MDY, INTERVALSTYLE_POSTGRES, "UTC", "\134x", "\134x"},
    {17, -1, DATESTYLE_ISO, DATEORDER_MDY, INTERVALSTYLE_POSTGRES, "UTC", "\134xDEADBEEF", "\134xdeadbeef"},
    {17, -1, DATESTYLE_ISO, DATEORDER_MDY, INTERVALSTYLE_POSTGRES, "UTC", "\134xde ad", "\134xdead"},
    {17, -1, DATESTYLE_ISO, DATEORDER_MDY, INTERVALSTYLE_POSTGRES, "UTC", "\134xd", "ERR 22023 invalid hexadecimal data: odd number of digits"},
    {17, -1, DATESTYLE_ISO, DATEORDER_MDY, INTERVALSTYLE_POSTGRES, "UTC", "\134xdg", "ERR 22023 invalid hexadecimal digit: \042g\042"},
    {17, -1, DATESTYLE_ISO, DATEORDER_MDY, INTERVALSTYLE_POSTGRES, "UTC", "\134xgg", "ERR 22023 invalid hexadecimal digit: \042g\042"},
    {17, -1, DATESTYLE_ISO, DATEORDER_MDY, INTERVALSTYLE_POSTGRES, "UTC", "abc", "\134x616263"},
    {17, -1, DATESTYLE_ISO, DATEORDER_MDY, INTERVALSTYLE_POSTGRES, "UTC", "a\134\134b", "\134x615c62"},
    {17, -1, DATESTYLE_ISO, DATEORDER_MDY, INTERVALSTYLE_POSTGRES, "UTC", "\134000", "\134x00"},
    {17, -1, DATESTYLE_ISO, DATEORDER_MDY, INTERVALSTYLE_POSTGRES, "UTC", "\134377", "\134xff"},
    {17, -1, DATESTYLE_ISO, DATEORDER_MDY, INTERVALSTYLE_POSTGRES, "UTC", "\134400", "ERR 22P02 invalid input syntax for type bytea"},
    {17, -1, DATESTYLE_ISO, DATEORDER_MDY, INTERVALSTYLE_POSTGRES, "UTC", "\1341", "ERR 22P02 invalid input syntax for type bytea"},
    {17, -1, DATESTYLE_ISO, DATEORDER_MDY, INTERVALSTYLE_POSTGRES, "UTC", "a\134b", "ERR 22P02 invalid input syntax for type bytea"},
    {17, -1, DATESTYLE_ISO, DATEORDER_MDY, INTERVALSTYLE_POSTGRES, "UTC", "", "\134x"},
    {17, -1, DATESTYLE_ISO, DATEORDER_MDY, INTERVALSTYLE_POSTGRES, "UTC", "\134x12 3", "ERR 22023 invalid hexadecimal data: odd number of digits"},
    {17, -1, DATESTYLE_ISO, DATEORDER_MDY, INTERVALSTYLE_POSTGRES, "UTC", "\303\251", "\134xc3a9"},
    {17, -1, DATESTYLE_ISO, DATEORDER_MDY, INTERVALSTYLE_POSTGRES, "UTC", "\134x\303\251", "ERR 22023 invalid hexadecimal digit: \042\303\251\042"},
    {19, -1, DATESTYLE_ISO, DATEORDER_MDY, INTERVALSTYLE_POSTGRES, "UTC", "", ""},
    {19, -1, DATESTYLE_ISO, DATEORDER_MDY, INTERVALSTYLE_POSTGRES, "UTC", "a", "a"},
    {19, -1, DATESTYLE_ISO, DATEORDER_MDY, INTERVALSTYLE_POSTGRES, "UTC", "abc", "abc"},
    {19, -1, DATESTYLE_ISO, DATEORDER_MDY, INTERVALSTYLE_POSTGRES, "UTC", "abcd", "abcd"},
    {19, -1, DATESTYLE_ISO, DATEORDER_MDY, INTERVALSTYLE_POSTGRES, "UTC", "abc ", "abc "},
    {19, -1, DATESTYLE_ISO, DATEORDER_MDY, INTERVALSTYLE_POSTGRES, "UTC", "abc  d", "abc  d"},
    {19, -1, DATESTYLE_ISO, DATEORDER_MDY, INTERVALSTYLE_POSTGRES, "UTC", "ab   ", "ab   "},
    {19, -1, DATESTYLE_ISO, DATEORDER_MDY, INTERVALSTYLE_POSTGRES, "UTC", "\303\251\303\250\303\240", "\303\251\303\250\303\240"},
    {19, -1, DATESTYLE_ISO, DATEORDER_MDY, INTERVALSTYLE_POSTGRES, "UTC", "\303\251\303\250\303\240x", "\303\251\303\250\303\240x"},
    {19, -1, DATESTYLE_ISO, DATEORDER_MDY, INTERVALSTYLE_POSTGRES, "UTC", "   ", "   "},
    {19, -1, DATESTYLE_ISO, DATEORDER_MDY, INTERVALSTYLE_POSTGRES, "UTC", "    ", "    "},
    {19, -1, DATESTYLE_ISO, DATEORDER_MDY, INTERVALSTYLE_POSTGRES, "UTC", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},
};
// clang-format on

static void answers_are_postgresql(void **state)
{
    check_text_cases(cases, countof(cases));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_are_postgresql),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
