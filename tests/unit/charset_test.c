/* SPDX-License-Identifier: Apache-2.0
 *
 * Character sets: a stream cut anywhere converts as a whole one, errors stand where they are, every
 * character of every single-byte set comes back.
 */
#include "base/charset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"

static const Charset *named(const char *name)
{
    const Charset *charset = charset_find(text_from(name));
    assert_non_null(charset);
    return charset;
}

typedef struct Outcome {
    bool good;
    i64 taken;
    Error error;
    Buffer out;
} Outcome;

/* The text in pieces of `piece` bytes, each with what the one before left. */
static void convert(Outcome *o, const char *charset, TranscodeWay way, Text text, i64 piece)
{
    Transcoder t;
    assert_true(transcoder_open(&t, named(charset), way, &o->error));
    buffer_open(&o->out, NULL);
    o->good = true;
    o->taken = 0;
    for (i64 end = 0; o->good && end < text.len;) {
        end = min_i64(end + piece, text.len);
        i64 taken;
        o->good = transcode(&t, text_slice(text, o->taken, end), end == text.len, &o->out, &taken,
                            &o->error);
        o->taken += taken;
    }
    transcoder_close(&t);
}

static void assert_text(const Outcome *o, const char *expected)
{
    Text got = {(const char *)o->out.data, o->out.len};
    assert_true(text_equal(got, text_from(expected)));
}

static void names(void **state)
{
    assert_string_equal(named("latin1")->name, "LATIN1");
    assert_string_equal(named("ISO-8859-1")->name, "LATIN1");
    assert_string_equal(named(" Windows_1252 ")->name, "WIN1252");
    assert_string_equal(named("utf-8")->name, "UTF8");
    assert_null(charset_find(TEXT("latin")));
    assert_null(charset_find(TEXT("latin11")));
    assert_null(charset_find(TEXT("")));
}

static void cut_anywhere(void **state)
{
    static const struct {
        const char *charset, *bytes, *text;
    } cases[] = {
        {"LATIN1", "d\xe9j\xe0 vu\n", "déjà vu\n"},
        {"WIN1252", "\x80 5", "€ 5"},
        {"EUC_JP", "a\xa5\xa2\x8e\xb1\x8f\xb0\xa1z", "aアｱ丂z"},
        {"SJIS", "\x83\x5c\xb1|", "ソｱ|"},
        {"GB18030", "\xca\xc0\x94\x39\xfc\x36!", "世😀!"},
        {"EUC_TW", "\xc4\xa1x\x8e\xa2\xa1\xa1", "一x乂"},
        {"BIG5", "\xa5\x5c.", "功."},
        {"EUC_JIS_2004", "\xa4\xf7\xa4\xab", "か゚か"},
    };
    for (i32 i = 0; i < countof(cases); i++)
        for (i64 piece = 1; piece < 12; piece++) {
            Outcome from, to;
            convert(&from, cases[i].charset, FROM_CHARSET, text_from(cases[i].bytes), piece);
            assert_true(from.good);
            assert_text(&from, cases[i].text);
            convert(&to, cases[i].charset, TO_CHARSET, text_from(cases[i].text), 1000);
            assert_true(to.good);
            assert_text(&to, cases[i].bytes);
            buffer_close(&from.out);
            buffer_close(&to.out);
        }
}

static void errors(void **state)
{
    static const struct {
        const char *charset;
        TranscodeWay way;
        const char *bytes, *before, *sqlstate, *message;
    } cases[] = {
        {"WIN1252", FROM_CHARSET, "ab\x81z", "ab", "22P05",
         "character with byte sequence 0x81 in encoding \"WIN1252\" has no equivalent in encoding "
         "\"UTF8\""},
        {"LATIN1", TO_CHARSET, "é€", "\xe9", "22P05",
         "character with byte sequence 0xe2 0x82 0xac in encoding \"UTF8\" has no equivalent in "
         "encoding \"LATIN1\""},
        {"SJIS", TO_CHARSET, "ソ한", "\x83\x5c", "22P05",
         "character with byte sequence 0xed 0x95 0x9c in encoding \"UTF8\" has no equivalent in "
         "encoding \"SJIS\""},
        {"EUC_JP", FROM_CHARSET, "\xa5\xa2\x8f\xb0 x", "ア", "22021",
         "invalid byte sequence for encoding \"EUC_JP\": 0x8f 0xb0 0x20"},
        {"EUC_JP", FROM_CHARSET, "z\xa5", "z", "22021",
         "invalid byte sequence for encoding \"EUC_JP\": 0xa5"},
        {"GB18030", FROM_CHARSET, "z\x94\x39\xfc", "z", "22021",
         "invalid byte sequence for encoding \"GB18030\": 0x94 0x39 0xfc"},
    };
    for (i32 i = 0; i < countof(cases); i++)
        for (i64 piece = 1; piece < 12; piece++) {
            Outcome o;
            convert(&o, cases[i].charset, cases[i].way, text_from(cases[i].bytes),
                    cases[i].way == TO_CHARSET ? 1000 : piece);
            assert_false(o.good);
            assert_text(&o, cases[i].before);
            assert_string_equal(error_sqlstate(o.error.code), cases[i].sqlstate);
            if (piece == 11)
                assert_string_equal(o.error.message, cases[i].message);
            buffer_close(&o.out);
        }
    Outcome o;
    convert(&o, "LATIN1", FROM_CHARSET, (Text){"a\0b", 3}, 3);
    assert_false(o.good);
    assert_string_equal(o.error.message, "invalid byte sequence for encoding \"LATIN1\": 0x00");
    buffer_close(&o.out);
}

static void every_byte_comes_back(void **state)
{
    static const char *const charsets[] = {
        "LATIN1",  "LATIN2",  "LATIN3",  "LATIN4",     "LATIN5",     "LATIN6",     "LATIN7",
        "LATIN8",  "LATIN9",  "LATIN10", "ISO_8859_5", "ISO_8859_6", "ISO_8859_7", "ISO_8859_8",
        "KOI8R",   "KOI8U",   "WIN866",  "WIN874",     "WIN1250",    "WIN1251",    "WIN1252",
        "WIN1253", "WIN1254", "WIN1255", "WIN1256",    "WIN1257",    "WIN1258",
    };
    for (i32 c = 0; c < countof(charsets); c++) {
        i32 known = 0;
        for (i32 byte = 1; byte < 256; byte++) {
            char bytes[2] = {(char)byte, 0};
            Outcome from, to;
            convert(&from, charsets[c], FROM_CHARSET, text_from(bytes), 1);
            if (from.good) {
                Text text = {(const char *)from.out.data, from.out.len};
                assert_int_equal(utf8_length(text), 1);
                convert(&to, charsets[c], TO_CHARSET, text, 10);
                assert_true(to.good);
                assert_text(&to, bytes);
                buffer_close(&to.out);
                known++;
            }
            buffer_close(&from.out);
        }
        assert_true(known > 127 + 80);
    }
}

/* A run of characters so long that iconv takes it in pieces, which cut some of them. */
static void long_runs(void **state)
{
    static const char *const charsets[] = {"EUC_JP", "SHIFT_JIS_2004", "GB18030", "UHC", "WIN1251"};
    static const char *const characters[] = {"\xe6\xbc\xa2", "\xe3\x81\x8b", "\xe6\xbc\xa2",
                                             "\xea\xb0\x80", "\xd0\x96"};
    enum { COUNT = 100001 };
    for (i32 c = 0; c < countof(charsets); c++) {
        i64 width = (i64)strlen(characters[c]);
        Buffer text;
        Outcome to, from;
        Error error;
        buffer_open(&text, NULL);
        for (i32 i = 0; i < COUNT; i++)
            assert_true(buffer_append(&text, characters[c], width, &error));
        Text whole = {(const char *)text.data, text.len};
        convert(&to, charsets[c], TO_CHARSET, whole, whole.len);
        assert_true(to.good);
        convert(&from, charsets[c], FROM_CHARSET, (Text){(const char *)to.out.data, to.out.len},
                to.out.len);
        assert_true(from.good && from.taken == to.out.len);
        assert_true(text_equal((Text){(const char *)from.out.data, from.out.len}, whole));
        buffer_close(&to.out);
        buffer_close(&from.out);
        buffer_close(&text);
    }
}

/* What is wrong is found wherever it stands to the pieces; a character they cut is not wrong. */
static void long_texts_are_checked(void **state)
{
    enum { BYTES = BYTES_PER_LOOK * 2 + 100 };
    Buffer text;
    Error error;
    buffer_open(&text, NULL);
    assert_true(buffer_resize(&text, BYTES, &error));
    for (i32 shift = 0; shift < 4; shift++) {
        memset(text.data, 'x', BYTES);
        for (i64 at = shift; at + 4 <= BYTES; at += 4)
            memcpy(text.data + at, "\xf0\x9f\x98\x80", 4);
        Text whole = {(const char *)text.data, BYTES};
        Look look = look_open(NULL, &error);
        i64 count;
        assert_true(utf8_check_long(whole, &look));
        assert_true(charset_length(named("UTF8"), whole, &count, &look));
        assert_int_equal(count, utf8_length(whole));
    }
    for (i64 at = BYTES_PER_LOOK - 5; at < BYTES_PER_LOOK + 5; at++) {
        memset(text.data, 'x', BYTES);
        text.data[at] = 0xff;
        Look look = look_open(NULL, &error);
        assert_false(utf8_check_long((Text){(const char *)text.data, BYTES}, &look));
        assert_string_equal(error.message, "invalid byte sequence for encoding \"UTF8\": 0xff");
    }
    buffer_close(&text);
}

static void no_such_conversion(void **state)
{
    Transcoder t;
    Error error;
    assert_false(transcoder_open(&t, named("MULE_INTERNAL"), FROM_CHARSET, &error));
    assert_string_equal(error_sqlstate(error.code), "42883");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names),
        cmocka_unit_test(cut_anywhere),
        cmocka_unit_test(errors),
        cmocka_unit_test(every_byte_comes_back),
        cmocka_unit_test(long_runs),
        cmocka_unit_test(long_texts_are_checked),
        cmocka_unit_test(no_such_conversion),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
