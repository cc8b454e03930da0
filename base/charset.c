/* SPDX-License-Identifier: Apache-2.0
 *
 * Text in other encodings than UTF-8, and what is said of bytes that are no text.
 *
 * ASCII is copied as it is, a byte of a single-byte charset is looked up in a table of 128, and a
 * run of characters with several bytes goes through iconv at once. The table is made by iconv, one
 * byte at a time: so CP1255 and CP1258 neither compose nor take apart letters with marks.
 *
 * Names, aliases and messages are those of PostgreSQL 15 (pg_wchar.h, its documentation 24.3.1).
 */
#include <errno.h>

#include "base/charset.h"
#include "base/text.h"

enum { ASCII_END = 0x80, UTF8_BYTES_MAX = 4, SHOWN_BYTES = 8, UTF8_PLACE = 0, BYTES_PLACE = 1 };

// clang-format off
static const Charset charsets[] = {
    [UTF8_PLACE] =
    {"UTF8",           NULL,             SHAPE_NONE,    {"utf8", "unicode"}},
    [BYTES_PLACE] =
    {"SQL_ASCII",      NULL,             SHAPE_NONE,    {"sqlascii"}},
    {"LATIN1",         "ISO-8859-1",     SHAPE_SINGLE,  {"latin1", "iso88591"}},
    {"LATIN2",         "ISO-8859-2",     SHAPE_SINGLE,  {"latin2", "iso88592"}},
    {"LATIN3",         "ISO-8859-3",     SHAPE_SINGLE,  {"latin3", "iso88593"}},
    {"LATIN4",         "ISO-8859-4",     SHAPE_SINGLE,  {"latin4", "iso88594"}},
    {"LATIN5",         "ISO-8859-9",     SHAPE_SINGLE,  {"latin5", "iso88599"}},
    {"LATIN6",         "ISO-8859-10",    SHAPE_SINGLE,  {"latin6", "iso885910"}},
    {"LATIN7",         "ISO-8859-13",    SHAPE_SINGLE,  {"latin7", "iso885913"}},
    {"LATIN8",         "ISO-8859-14",    SHAPE_SINGLE,  {"latin8", "iso885914"}},
    {"LATIN9",         "ISO-8859-15",    SHAPE_SINGLE,  {"latin9", "iso885915"}},
    {"LATIN10",        "ISO-8859-16",    SHAPE_SINGLE,  {"latin10", "iso885916"}},
    {"ISO_8859_5",     "ISO-8859-5",     SHAPE_SINGLE,  {"iso88595"}},
    {"ISO_8859_6",     "ISO-8859-6",     SHAPE_SINGLE,  {"iso88596"}},
    {"ISO_8859_7",     "ISO-8859-7",     SHAPE_SINGLE,  {"iso88597"}},
    {"ISO_8859_8",     "ISO-8859-8",     SHAPE_SINGLE,  {"iso88598"}},
    {"KOI8R",          "KOI8-R",         SHAPE_SINGLE,  {"koi8r", "koi8"}},
    {"KOI8U",          "KOI8-U",         SHAPE_SINGLE,  {"koi8u"}},
    {"WIN866",         "CP866",          SHAPE_SINGLE,  {"win866", "windows866", "alt"}},
    {"WIN874",         "CP874",          SHAPE_SINGLE,  {"win874", "windows874"}},
    {"WIN1250",        "CP1250",         SHAPE_SINGLE,  {"win1250", "windows1250"}},
    {"WIN1251",        "CP1251",         SHAPE_SINGLE,  {"win1251", "windows1251", "win"}},
    {"WIN1252",        "CP1252",         SHAPE_SINGLE,  {"win1252", "windows1252"}},
    {"WIN1253",        "CP1253",         SHAPE_SINGLE,  {"win1253", "windows1253"}},
    {"WIN1254",        "CP1254",         SHAPE_SINGLE,  {"win1254", "windows1254"}},
    {"WIN1255",        "CP1255",         SHAPE_SINGLE,  {"win1255", "windows1255"}},
    {"WIN1256",        "CP1256",         SHAPE_SINGLE,  {"win1256", "windows1256"}},
    {"WIN1257",        "CP1257",         SHAPE_SINGLE,  {"win1257", "windows1257"}},
    {"WIN1258",        "CP1258",         SHAPE_SINGLE,  {"win1258", "windows1258", "abc", "tcvn", "tcvn5712", "vscii"}},
    {"EUC_CN",         "EUC-CN",         SHAPE_EUC,     {"euccn"}},
    {"EUC_KR",         "EUC-KR",         SHAPE_EUC,     {"euckr"}},
    {"EUC_TW",         "EUC-TW",         SHAPE_EUC_TW,  {"euctw"}},
    {"EUC_JP",         "EUC-JP-MS",      SHAPE_EUC_JP,  {"eucjp"}},
    {"EUC_JIS_2004",   "EUC-JISX0213",   SHAPE_EUC_JP,  {"eucjis2004"}},
    {"SJIS",           "CP932",          SHAPE_SJIS,    {"sjis", "shiftjis", "mskanji", "win932", "windows932"}},
    {"SHIFT_JIS_2004", "SHIFT_JISX0213", SHAPE_SJIS,    {"shiftjis2004"}},
    {"BIG5",           "BIG5",           SHAPE_DOUBLE,  {"big5", "win950", "windows950"}},
    {"GBK",            "GBK",            SHAPE_DOUBLE,  {"gbk", "win936", "windows936"}},
    {"UHC",            "UHC",            SHAPE_DOUBLE,  {"uhc", "win949", "windows949"}},
    {"JOHAB",          "JOHAB",          SHAPE_DOUBLE,  {"johab"}},
    {"GB18030",        "GB18030",        SHAPE_GB18030, {"gb18030"}},
    {"MULE_INTERNAL",  NULL,             SHAPE_UNKNOWN, {"muleinternal"}},
};
// clang-format on

static bool is_alias(Text name, const char *alias)
{
    for (i64 i = 0; i < name.len; i++) {
        char c = name.data[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        bool counts = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (counts && c != *alias++)
            return false;
    }
    return *alias == 0;
}

const Charset *charset_find(Text name)
{
    for (i32 i = 0; i < countof(charsets); i++)
        for (i32 a = 0; a < countof(charsets[i].aliases) && charsets[i].aliases[a]; a++)
            if (is_alias(name, charsets[i].aliases[a]))
                return &charsets[i];
    return NULL;
}

/* ---- characters ---- */

static bool within(u8 byte, u8 from, u8 to)
{
    return byte >= from && byte <= to;
}

/* Bytes the character begun by these should have. */
static i32 character_width(CharsetShape shape, const u8 *at, i64 left)
{
    if (at[0] < ASCII_END)
        return 1;
    switch (shape) {
    case SHAPE_NONE:
        return at[0] >= 0xc0 && at[0] < 0xf8 ? utf8_width(at[0]) : 1;
    case SHAPE_EUC_JP:
        return at[0] == 0x8f ? 3 : 2;
    case SHAPE_EUC_TW:
        return at[0] == 0x8e ? 4 : 2;
    case SHAPE_SJIS:
        return within(at[0], 0xa1, 0xdf) ? 1 : 2;
    case SHAPE_GB18030:
        return left > 1 && within(at[1], '0', '9') ? 4 : 2;
    case SHAPE_EUC:
    case SHAPE_DOUBLE:
        return 2;
    case SHAPE_SINGLE:
    case SHAPE_UNKNOWN:
        return 1;
    }
    unreachable();
}

static bool are_euc(const u8 *at, i32 count)
{
    for (i32 i = 0; i < count; i++)
        if (!within(at[i], 0xa1, 0xfe))
            return false;
    return true;
}

/* Whether the bytes of a character that is not ASCII, as many as its width, are such. */
static bool is_character(CharsetShape shape, const u8 *at)
{
    switch (shape) {
    case SHAPE_EUC:
        return are_euc(at, 2);
    case SHAPE_EUC_JP:
        if (at[0] == 0x8e)
            return within(at[1], 0xa1, 0xdf);
        return at[0] == 0x8f ? are_euc(at + 1, 2) : are_euc(at, 2);
    case SHAPE_EUC_TW:
        return at[0] == 0x8e ? are_euc(at + 1, 3) : are_euc(at, 2);
    case SHAPE_DOUBLE:
        return at[0] != ASCII_END && at[1] != 0;
    case SHAPE_SJIS:
        return within(at[0], 0xa1, 0xdf) || (at[1] >= 0x40 && at[1] != 0x7f);
    case SHAPE_GB18030:
        if (!within(at[1], '0', '9'))
            return at[1] >= 0x40 && at[1] != 0x7f;
        return at[2] >= ASCII_END && within(at[3], '0', '9');
    case SHAPE_NONE:
    case SHAPE_SINGLE:
    case SHAPE_UNKNOWN:
        return true;
    }
    unreachable();
}

/* ---- messages ---- */

static const char *shown_bytes(const u8 *at, i64 count, char *out, i64 size)
{
    i32 len = 0;
    for (i64 i = 0; i < count && i < SHOWN_BYTES; i++)
        len += snprintf(out + len, (size_t)(size - len), "%s0x%02x", i ? " " : "", at[i]);
    return out;
}

static bool no_character(const Charset *charset, const u8 *at, i64 left, Error *error)
{
    char bytes[SHOWN_BYTES * 5 + 1];
    i64 width = min_i64(character_width(charset->shape, at, left), left);
    return error_set(error, E_CHARACTER_NOT_IN_REPERTOIRE,
                     "invalid byte sequence for encoding \"%s\": %s", charset->name,
                     shown_bytes(at, width, bytes, sizeof bytes));
}

bool utf8_fail(Text text, i64 at, Error *error)
{
    return no_character(&charsets[UTF8_PLACE], (const u8 *)text.data + at, text.len - at, error);
}

bool utf8_check(Text text, Error *error)
{
    i64 bad = utf8_bad_offset(text);
    return bad == text.len || utf8_fail(text, bad, error);
}

/* A character that the end of a piece cuts begins the next one. */
bool utf8_check_long(Text text, Look *look)
{
    for (i64 from = 0; from < text.len && look_goes_on(look);) {
        Text piece = text_slice(text, from, min_i64(text.len, from + BYTES_PER_LOOK));
        i64 good = utf8_bad_offset(piece);
        bool cut = from + piece.len < text.len && piece.len - good < UTF8_BYTES_MAX;
        if (good < piece.len && !cut)
            return utf8_fail(text, from + good, look->error);
        from += good;
        look_passed(look, piece.len);
    }
    return !look->ended;
}

static bool no_equivalent(const Transcoder *t, const u8 *at, i64 width, Error *error)
{
    char bytes[SHOWN_BYTES * 5 + 1];
    bool from = t->way == FROM_CHARSET;
    return error_set(error, E_UNTRANSLATABLE_CHARACTER,
                     "character with byte sequence %s in encoding \"%s\" has no equivalent in "
                     "encoding \"%s\"",
                     shown_bytes(at, width, bytes, sizeof bytes), from ? t->charset->name : "UTF8",
                     from ? "UTF8" : t->charset->name);
}

/* ---- checking ---- */

bool charset_is_bytes(const Charset *charset)
{
    return charset == &charsets[BYTES_PLACE];
}

bool charset_length(const Charset *charset, Text bytes, i64 *characters, Look *look)
{
    const u8 *data = (const u8 *)bytes.data;
    *characters = 0;
    if (charset == &charsets[UTF8_PLACE]) {
        *characters = utf8_length(bytes);
        return utf8_check_long(bytes, look);
    }
    for (i64 at = 0; at < bytes.len && look_goes_on(look); (*characters)++) {
        i64 left = bytes.len - at;
        i32 width =
            charset_is_bytes(charset) ? 1 : character_width(charset->shape, data + at, left);
        bool ascii = data[at] < ASCII_END;
        if (data[at] == 0 || width > left || (!ascii && !is_character(charset->shape, data + at)))
            return no_character(charset, data + at, left, look->error);
        at += width;
    }
    return !look->ended;
}

/* ---- opening ---- */

static int compare_bytes(const void *a, const void *b)
{
    u32 left = ((const CharsetByte *)a)->code_point, right = ((const CharsetByte *)b)->code_point;
    return left < right ? -1 : left > right;
}

/* What each byte from 0x80 means, by a conversion to UTF-8. */
static void table_make(Transcoder *t, iconv_t conversion)
{
    for (i32 i = 0; i < countof(t->code_points); i++) {
        char byte = (char)(ASCII_END + i), utf8[16], *from = &byte, *to = utf8;
        size_t from_left = 1, to_left = sizeof utf8;
        iconv(conversion, NULL, NULL, NULL, NULL);
        if (iconv(conversion, &from, &from_left, &to, &to_left) == (size_t)-1 ||
            iconv(conversion, NULL, NULL, &to, &to_left) == (size_t)-1)
            continue;
        i64 at = 0;
        t->code_points[i] = utf8_next((Text){utf8, to - utf8}, &at);
        t->bytes[t->byte_count++] = (CharsetByte){t->code_points[i], (u8)byte};
    }
    qsort(t->bytes, (size_t)t->byte_count, sizeof t->bytes[0], compare_bytes);
}

static bool no_conversion(const Transcoder *t, Error *error)
{
    bool from = t->way == FROM_CHARSET;
    return error_set(error, E_UNDEFINED_FUNCTION,
                     "default conversion function for encoding \"%s\" to \"%s\" does not exist",
                     from ? t->charset->name : "UTF8", from ? "UTF8" : t->charset->name);
}

bool transcoder_open(Transcoder *t, const Charset *charset, TranscodeWay way, Error *error)
{
    *t = (Transcoder){.charset = charset, .way = way, .conversion = (iconv_t)-1};
    if (!charset->iconv_name)
        return no_conversion(t, error);
    bool single = charset->shape == SHAPE_SINGLE, from = way == FROM_CHARSET || single;
    iconv_t conversion =
        from ? iconv_open("UTF-8", charset->iconv_name) : iconv_open(charset->iconv_name, "UTF-8");
    if (conversion == (iconv_t)-1)
        return no_conversion(t, error);
    if (single) {
        table_make(t, conversion);
        iconv_close(conversion);
    } else {
        t->conversion = conversion;
    }
    return true;
}

void transcoder_close(Transcoder *t)
{
    if (t->conversion != (iconv_t)-1)
        iconv_close(t->conversion);
    t->conversion = (iconv_t)-1;
}

/* ---- converting ---- */

/* What one step did: went on behind some bytes, met the beginning of a character whose rest is not
 * there, or failed. */
typedef enum Stepped { STEPPED_ON, STEPPED_SHORT, STEPPED_BAD } Stepped;

static i64 ascii_bytes(const u8 *at, i64 left)
{
    i64 count = 0;
    while (count < left && at[count] < ASCII_END && at[count] != 0)
        count++;
    return count;
}

static Stepped single_byte(const Transcoder *t, const u8 *at, Buffer *out, Error *error)
{
    u32 code_point = t->code_points[*at - ASCII_END];
    char utf8[4];
    if (code_point == 0) {
        no_equivalent(t, at, 1, error);
        return STEPPED_BAD;
    }
    return buffer_append(out, utf8, utf8_put(code_point, utf8), error) ? STEPPED_ON : STEPPED_BAD;
}

static Stepped to_single_byte(const Transcoder *t, const u8 *at, i64 width, Buffer *out,
                              Error *error)
{
    i64 behind = 0;
    u32 code_point = utf8_next((Text){(const char *)at, width}, &behind);
    i32 low = 0, high = t->byte_count;
    while (low < high) {
        i32 middle = (low + high) / 2;
        if (t->bytes[middle].code_point < code_point)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == t->byte_count || t->bytes[low].code_point != code_point) {
        no_equivalent(t, at, width, error);
        return STEPPED_BAD;
    }
    return buffer_append(out, &t->bytes[low].byte, 1, error) ? STEPPED_ON : STEPPED_BAD;
}

static i32 source_width(const Transcoder *t, const u8 *at, i64 left)
{
    return t->way == TO_CHARSET ? utf8_width(*at) : character_width(t->charset->shape, at, left);
}

/* The whole characters at the front that are not ASCII: their bytes, up to the first that is none.
 */
static i64 run_bytes(const Transcoder *t, const u8 *at, i64 left, Look *look)
{
    i64 run = 0;
    while (run < left && at[run] >= ASCII_END && look_goes_on(look)) {
        i32 width = source_width(t, at + run, left - run);
        if (width > left - run)
            break;
        if (t->way == FROM_CHARSET && !is_character(t->charset->shape, at + run))
            break;
        run += width;
    }
    return run;
}

/* A run through iconv in pieces, with what it keeps back to see whether a mark follows. A character
 * that a piece cuts begins the next one. */
static Stepped run_convert(Transcoder *t, const u8 *at, i64 run, Buffer *out, i64 *taken,
                           Look *look)
{
    enum { PIECE_BYTES = 1 << 16 };
    bool good = true;
    char *to = NULL;
    size_t to_left = 0;
    iconv(t->conversion, NULL, NULL, NULL, NULL);
    for (*taken = 0; good && *taken < run && look_now(look);) {
        i64 piece = min_i64(run - *taken, PIECE_BYTES);
        if (!buffer_reserve(out, piece * 4 + 16, look->error))
            return STEPPED_BAD;
        char *from = (char *)(uintptr_t)(at + *taken);
        size_t from_left = (size_t)piece;
        to = (char *)out->data + out->len;
        to_left = (size_t)(out->capacity - out->len);
        good = iconv(t->conversion, &from, &from_left, &to, &to_left) != (size_t)-1 ||
               (errno == EINVAL && piece < run - *taken && from_left < (size_t)piece);
        out->len = to - (char *)out->data;
        *taken += piece - (i64)from_left;
    }
    if (look->ended)
        return STEPPED_BAD;
    good = iconv(t->conversion, NULL, NULL, &to, &to_left) != (size_t)-1 && good;
    out->len = to - (char *)out->data;
    if (good)
        return STEPPED_ON;
    i64 left = run - *taken;
    no_equivalent(t, at + *taken, min_i64(source_width(t, at + *taken, left), left), look->error);
    return STEPPED_BAD;
}

/* What is not ASCII at the front; *taken: its bytes. */
static Stepped characters_convert(Transcoder *t, const u8 *at, i64 left, Buffer *out, i64 *taken,
                                  Look *look)
{
    Error *error = look->error;
    *taken = 0;
    if (*at == 0) {
        no_character(t->charset, at, left, error);
        return STEPPED_BAD;
    }
    bool single = t->charset->shape == SHAPE_SINGLE; /* one at a time */
    i64 run = run_bytes(t, at, single ? min_i64(left, UTF8_BYTES_MAX) : left, look);
    if (look->ended)
        return STEPPED_BAD;
    if (run > 0 && !single)
        return run_convert(t, at, run, out, taken, look);
    i64 width = source_width(t, at, left);
    if (width > left)
        return STEPPED_SHORT;
    if (run == 0) {
        no_character(t->charset, at, left, error);
        return STEPPED_BAD;
    }
    Stepped stepped = t->way == FROM_CHARSET ? single_byte(t, at, out, error)
                                             : to_single_byte(t, at, width, out, error);
    *taken = stepped == STEPPED_ON ? width : 0;
    return stepped;
}

bool transcode(Transcoder *t, Text text, bool last, Buffer *out, i64 *taken, Error *error)
{
    const u8 *bytes = (const u8 *)text.data;
    Look look = look_open(out->budget, error);
    i64 at = *taken = 0;
    while (at < text.len && look_goes_on(&look)) {
        i64 more = 0, plain = ascii_bytes(bytes + at, min_i64(text.len - at, BYTES_PER_LOOK));
        look_passed(&look, plain);
        if (plain > 0 && !buffer_append(out, bytes + at, plain, error))
            return false;
        *taken = at += plain;
        if (at == text.len || plain == BYTES_PER_LOOK)
            continue;
        Stepped stepped = characters_convert(t, bytes + at, text.len - at, out, &more, &look);
        if (stepped == STEPPED_SHORT && last)
            return no_character(t->charset, bytes + at, text.len - at, error);
        if (stepped == STEPPED_SHORT)
            return true;
        *taken = at += more;
        if (stepped == STEPPED_BAD)
            return false;
    }
    return !look.ended;
}
