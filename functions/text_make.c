/* SPDX-License-Identifier: Apache-2.0
 *
 * The growing text of kernels, characters, and any value as text. See text_make.h.
 */
#include "functions/text_make.h"

#include <utf8proc.h>

#include "types/text_out.h"

static bool maker_look(TextMaker *maker)
{
    maker->failed |= !budget_check(maker->arena->budget, maker->error);
    return !maker->failed;
}

static bool copy_bytes(TextMaker *maker, char *to, const char *from, i64 bytes)
{
    maker->failed |= !look_copy(to, from, bytes, maker->arena->budget, maker->error);
    return !maker->failed;
}

static bool maker_grow(TextMaker *maker, i64 bytes)
{
    if (maker->len + bytes > TEXT_BYTES_MAX)
        return error_set(maker->error, E_PROGRAM_LIMIT_EXCEEDED, "requested length too large");
    i64 capacity = max_i64(maker->capacity * 2, maker->len + bytes + 32);
    char *data = arena_try_raw(maker->arena, capacity, maker->error);
    if (!data || !copy_bytes(maker, data, maker->bytes, maker->len))
        return false;
    maker->bytes = data;
    maker->capacity = capacity;
    return true;
}

bool maker_reserve(TextMaker *maker, i64 bytes)
{
    i64 len = maker->len + bytes;
    if (len <= maker->looked || maker->failed)
        return !maker->failed;
    if (!maker_look(maker))
        return false;
    maker->failed = len > maker->capacity && !maker_grow(maker, bytes);
    maker->looked = min_i64(maker->capacity, maker->len + BYTES_PER_LOOK);
    return !maker->failed;
}

void maker_add(TextMaker *maker, Text text)
{
    if (text.len == 0 || !maker_reserve(maker, text.len))
        return;
    if (copy_bytes(maker, maker->bytes + maker->len, text.data, text.len))
        maker->len += text.len;
}

/* Each round copies all that is there: the rounds are few, and the copies long. */
void maker_copies(TextMaker *maker, Text text, i64 count)
{
    i64 bytes;
    if (text.len == 0 || count <= 0)
        return;
    if (__builtin_mul_overflow(text.len, count, &bytes))
        bytes = INT64_MAX - maker->len; /* refused as too long */
    if (!maker_reserve(maker, bytes))
        return;
    char *first = maker->bytes + maker->len;
    memcpy(first, text.data, (size_t)text.len);
    for (i64 have = text.len; have < bytes;) {
        i64 more = min_i64(have, bytes - have);
        if (!copy_bytes(maker, first + have, first, more))
            return;
        have += more;
    }
    maker->len += bytes;
}

void maker_byte(TextMaker *maker, char byte)
{
    if (maker_reserve(maker, 1))
        maker->bytes[maker->len++] = byte;
}

void maker_char(TextMaker *maker, u32 code_point)
{
    if (maker_reserve(maker, 4))
        maker->len += utf8_put(code_point, maker->bytes + maker->len);
}

void maker_repeat(TextMaker *maker, char byte, i64 count)
{
    if (count <= 0 || !maker_reserve(maker, count))
        return;
    for (; unlikely(count > BYTES_PER_LOOK); count -= BYTES_PER_LOOK) {
        memset(maker->bytes + maker->len, byte, BYTES_PER_LOOK);
        maker->len += BYTES_PER_LOOK;
        if (!maker_look(maker))
            return;
    }
    memset(maker->bytes + maker->len, byte, (size_t)count);
    maker->len += count;
}

i64 text_characters_long(Text text, Look *look)
{
    i64 count = 0, from = 0;
    for (; text.len - from > BYTES_PER_LOOK && look_now(look); from += BYTES_PER_LOOK)
        count += utf8_length((Text){text.data + from, BYTES_PER_LOOK});
    return look->ended ? 0 : count + utf8_length(text_slice(text, from, text.len));
}

static i64 skip_until(Text text, i64 stop, i64 *count, i64 at)
{
    for (; at<stop && * count> 0; --*count)
        at += utf8_width((u8)text.data[at]);
    return at;
}

i64 text_skip(Text text, i64 count, Look *look)
{
    i64 at = skip_until(text, min_i64(text.len, STEPS_PER_LOOK), &count, 0);
    while (at < text.len && count > 0 && look_now(look))
        at = skip_until(text, min_i64(text.len, at + STEPS_PER_LOOK), &count, at);
    return min_i64(at, text.len);
}

static i64 skip_back_until(Text text, i64 stop, i64 *count, i64 at)
{
    for (; at > stop && *count > 0; --*count) {
        at--;
        while (at > 0 && ((u8)text.data[at] & 0xc0) == 0x80)
            at--;
    }
    return at;
}

i64 text_skip_back(Text text, i64 count, Look *look)
{
    i64 at = skip_back_until(text, max_i64(0, text.len - STEPS_PER_LOOK), &count, text.len);
    while (at > 0 && count > 0 && look_now(look))
        at = skip_back_until(text, max_i64(0, at - STEPS_PER_LOOK), &count, at);
    return at;
}

bool any_text(KernelCall *call, i32 arg, i32 i, Text *text)
{
    const Vector *vector = &call->args[arg];
    u32 oid = vector->type.oid;
    if (oid == TYPE_TEXT || oid == TYPE_VARCHAR || oid == TYPE_NAME || oid == TYPE_UNKNOWN) {
        *text = arg_text(call, arg, i);
        return true;
    }
    Value value = vector_value(vector, arg_index(call, arg, i));
    return text_out_value(vector->type, &value, &call->env->format, call->arena, text, call->error);
}

/* Characters of a char(n), 0 when the type is another or has no length. */
static i64 declared_characters(Type type)
{
    return type.oid == TYPE_BPCHAR && type.typmod > 4 ? type.typmod - 4 : 0;
}

Text padded_text(KernelCall *call, i32 arg, i32 i)
{
    Text text = arg_text(call, arg, i);
    i64 declared = declared_characters(call->args[arg].type);
    Look look = call_look(call);
    i64 missing = declared ? declared - text_characters(text, &look) : 0;
    if (look.ended)
        return (Text){NULL, 0};
    if (missing <= 0)
        return text;
    TextMaker maker = maker_open(call);
    maker_add(&maker, text);
    maker_repeat(&maker, ' ', missing);
    return maker.failed ? (Text){NULL, 0} : maker_text(&maker);
}

enum { SHARP_S = 0xdf }; /* has no upper case of one letter in the C library */

u32 char_upper(u32 c)
{
    if (c < 0x80)
        return c >= 'a' && c <= 'z' ? c - 32 : c;
    return c == SHARP_S ? c : (u32)utf8proc_toupper((utf8proc_int32_t)c);
}

u32 char_lower(u32 c)
{
    if (c < 0x80)
        return c >= 'A' && c <= 'Z' ? c + 32 : c;
    return (u32)utf8proc_tolower((utf8proc_int32_t)c);
}

bool char_is_alphanumeric(u32 c)
{
    if (c < 0x80)
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)c);
    return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
           category == UTF8PROC_CATEGORY_MC || category == UTF8PROC_CATEGORY_ND ||
           category == UTF8PROC_CATEGORY_NL;
}
