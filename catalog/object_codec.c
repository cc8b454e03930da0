/* SPDX-License-Identifier: Apache-2.0
 *
 * Encoding, decoding, comparing and printing of catalogue objects: four walks over the rows of
 * classes.def.
 *
 * Bytes: u8 format (1), then the record. A record is u8 number of fields, then the fields in order:
 * BOOL and KIND one byte, I32 and U32 four, I64 eight, TEXT u32 length and bytes, TYPE oid, typmod
 * and collation, a list u32 count and that many records. Fewer fields than the record has: the rest
 * is zero (the bytes are older than the field); more: they were written by a newer server and are
 * refused.
 *
 * Every length is checked against what is left before memory is taken for it: a list of n records
 * needs n bytes at least, so that damaged bytes cost at most a constant times their own size.
 *
 * Memory: decode allocates in the caller's arena. No threads, no state.
 */
#include "catalog/object_codec.h"

#include "base/bytes.h"

typedef enum FieldKind {
    FIELD_BOOL,
    FIELD_KIND,
    FIELD_I32,
    FIELD_U32,
    FIELD_I64,
    FIELD_TEXT,
    FIELD_TYPE,
    FIELD_LIST,
} FieldKind;

typedef struct ObjectField {
    const char *name;
    FieldKind kind;
    i64 offset;
    i64 count_offset;            /* LIST: of the i32 count */
    const ObjectRecord *element; /* LIST */
} ObjectField;

struct ObjectRecord {
    const char *name;
    i64 bytes;
    const ObjectField *fields;
    i32 field_count;
};

enum { OBJECT_FORMAT = 1 };

// clang-format off
#define RECORD_BEGIN(record) static const ObjectField record##_fields[] = {
#define FIELD(record, member, kind) {#member, FIELD_##kind, (i64)offsetof(record, member), 0, NULL},
#define LIST(record, member, count, element)                                                       \
    {#member, FIELD_LIST, (i64)offsetof(record, member), (i64)offsetof(record, count),             \
     &element##_record},
#define RECORD_END(record) }; static const ObjectRecord record##_record =                          \
    {#record, (i64)sizeof(record), record##_fields, countof(record##_fields)};
#define OBJECT(object_class, record)
#include "catalog/classes.def"
#undef RECORD_BEGIN
#undef FIELD
#undef LIST
#undef RECORD_END
#undef OBJECT

#define RECORD_BEGIN(record)
#define FIELD(record, member, kind)
#define LIST(record, member, count, element)
#define RECORD_END(record)
#define OBJECT(object_class, record) {object_class, &record##_record},
static const struct { u32 object_class; const ObjectRecord *record; } classes[] = {
#include "catalog/classes.def"
};
// clang-format on

_Static_assert(sizeof(CatalogNumber) == sizeof(i32), "a list of numbers is an array of i32");
_Static_assert(sizeof(RelationKind) == 4 && sizeof(ConstraintKind) == 4 && sizeof(ViewForm) == 4 &&
                   sizeof(ViewCheck) == 4 && sizeof(SequenceOwner) == 4,
               "KIND fields are 4 bytes");

const ObjectRecord *object_record(u32 object_class)
{
    for (i32 i = 0; i < countof(classes); i++)
        if (classes[i].object_class == object_class)
            return classes[i].record;
    return NULL;
}

static i32 list_count(const ObjectField *field, const void *thing)
{
    return *(const i32 *)((const u8 *)thing + field->count_offset);
}

static const void *list_element(const ObjectField *field, const void *member, i32 i)
{
    return *(const u8 *const *)member + i * field->element->bytes;
}

/* ---- encode ---- */

static void encode_record(ByteWriter *w, const ObjectRecord *record, const void *thing);

static void encode_field(ByteWriter *w, const ObjectField *field, const void *thing)
{
    const void *member = (const u8 *)thing + field->offset;
    const Type *type = member;
    switch (field->kind) {
    case FIELD_BOOL:
        write_u8(w, *(const bool *)member);
        return;
    case FIELD_KIND:
        assert(*(const u32 *)member < 256);
        write_u8(w, (u8) * (const u32 *)member);
        return;
    case FIELD_I32:
    case FIELD_U32:
        write_u32(w, *(const u32 *)member);
        return;
    case FIELD_I64:
        write_u64(w, *(const u64 *)member);
        return;
    case FIELD_TEXT:
        write_text(w, *(const Text *)member);
        return;
    case FIELD_TYPE:
        write_u32(w, type->oid);
        write_u32(w, (u32)type->typmod);
        write_u32(w, type->collation);
        return;
    case FIELD_LIST:
        write_u32(w, (u32)list_count(field, thing));
        for (i32 i = 0; i < list_count(field, thing); i++)
            encode_record(w, field->element, list_element(field, member, i));
        return;
    }
    unreachable();
}

static void encode_record(ByteWriter *w, const ObjectRecord *record, const void *thing)
{
    write_u8(w, (u8)record->field_count);
    for (i32 i = 0; i < record->field_count; i++)
        encode_field(w, &record->fields[i], thing);
}

bool object_encode(const ObjectRecord *record, const void *thing, Buffer *bytes, Error *error)
{
    ByteWriter w = {.buffer = bytes, .error = error};
    write_u8(&w, OBJECT_FORMAT);
    encode_record(&w, record, thing);
    return !w.failed;
}

/* ---- decode ---- */

typedef struct Decoder {
    ByteReader reader;
    Arena *arena;
    Error *error;
} Decoder;

static bool damaged(Decoder *d, const char *what)
{
    return error_set(d->error, E_DATA_CORRUPTED, "catalogue object is damaged: %s", what);
}

static bool decode_record(Decoder *d, const ObjectRecord *record, void *thing);

static bool decode_list(Decoder *d, const ObjectField *field, void *thing, void *member)
{
    u32 count = read_u32(&d->reader);
    if (d->reader.bad || count > d->reader.end - d->reader.at)
        return damaged(d, "a list is longer than its bytes");
    u8 *elements = arena_try(d->arena, (i64)count * field->element->bytes, d->error);
    if (!elements)
        return false;
    *(u8 **)member = elements;
    *(i32 *)((u8 *)thing + field->count_offset) = (i32)count;
    for (u32 i = 0; i < count; i++)
        if (!decode_record(d, field->element, elements + i * field->element->bytes))
            return false;
    return true;
}

static bool decode_text(Decoder *d, Text *member)
{
    Text text = read_text(&d->reader);
    if (utf8_bad_offset(text) != text.len)
        return damaged(d, "a text is not valid UTF-8");
    return arena_text(d->arena, text, member, d->error);
}

static bool decode_type(Decoder *d, Type *type)
{
    type->oid = read_u32(&d->reader);
    type->typmod = (i32)read_u32(&d->reader);
    type->collation = read_u32(&d->reader);
    return d->reader.bad || type_row(type->oid) || damaged(d, "there is no such type");
}

static bool decode_field(Decoder *d, const ObjectField *field, void *thing)
{
    void *member = (u8 *)thing + field->offset;
    u8 byte;
    switch (field->kind) {
    case FIELD_BOOL:
        byte = read_u8(&d->reader);
        *(bool *)member = byte == 1;
        return byte <= 1 || damaged(d, "a boolean is neither 0 nor 1");
    case FIELD_KIND:
        *(u32 *)member = read_u8(&d->reader);
        return true;
    case FIELD_I32:
    case FIELD_U32:
        *(u32 *)member = read_u32(&d->reader);
        return true;
    case FIELD_I64:
        *(u64 *)member = read_u64(&d->reader);
        return true;
    case FIELD_TEXT:
        return decode_text(d, member);
    case FIELD_TYPE:
        return decode_type(d, member);
    case FIELD_LIST:
        return decode_list(d, field, thing, member);
    }
    unreachable();
}

static bool decode_record(Decoder *d, const ObjectRecord *record, void *thing)
{
    u8 fields = read_u8(&d->reader);
    if (fields > record->field_count)
        return damaged(d, "it has fields this version does not know");
    for (i32 i = 0; i < fields; i++)
        if (!decode_field(d, &record->fields[i], thing))
            return false;
    for (i32 i = fields; i < record->field_count; i++) /* zero stands for all fields but a type */
        if (record->fields[i].kind == FIELD_TYPE)
            return damaged(d, "it lacks a type");
    return !d->reader.bad || damaged(d, "it ends too early");
}

bool object_decode(const ObjectRecord *record, Text bytes, void *thing, Arena *arena, Error *error)
{
    Decoder d = {bytes_reader(bytes.data, bytes.len), arena, error};
    if (read_u8(&d.reader) != OBJECT_FORMAT)
        return damaged(&d, "its format is not known");
    if (!decode_record(&d, record, thing))
        return false;
    return d.reader.at == d.reader.end || damaged(&d, "it has bytes behind its end");
}

/* ---- compare ---- */

static bool field_equal(const ObjectField *field, const void *a, const void *b)
{
    const void *left = (const u8 *)a + field->offset, *right = (const u8 *)b + field->offset;
    const Type *type = left, *other = right;
    switch (field->kind) {
    case FIELD_BOOL:
        return *(const bool *)left == *(const bool *)right;
    case FIELD_KIND:
    case FIELD_I32:
    case FIELD_U32:
        return *(const u32 *)left == *(const u32 *)right;
    case FIELD_I64:
        return *(const i64 *)left == *(const i64 *)right;
    case FIELD_TEXT:
        return text_equal(*(const Text *)left, *(const Text *)right);
    case FIELD_TYPE:
        return type_same(*type, *other) && type->collation == other->collation;
    case FIELD_LIST:
        if (list_count(field, a) != list_count(field, b))
            return false;
        for (i32 i = 0; i < list_count(field, a); i++)
            if (!object_equal(field->element, list_element(field, left, i),
                              list_element(field, right, i)))
                return false;
        return true;
    }
    unreachable();
}

bool object_equal(const ObjectRecord *record, const void *a, const void *b)
{
    for (i32 i = 0; i < record->field_count; i++)
        if (!field_equal(&record->fields[i], a, b))
            return false;
    return true;
}

/* ---- print ---- */

static void print_list(const ObjectField *field, const void *thing, TextBuilder *out)
{
    builder_byte(out, '[');
    for (i32 i = 0; i < list_count(field, thing); i++) {
        if (i)
            builder_add(out, TEXT(", "));
        object_print(field->element, list_element(field, (const u8 *)thing + field->offset, i),
                     out);
    }
    builder_byte(out, ']');
}

static void print_field(const ObjectField *field, const void *thing, TextBuilder *out)
{
    const void *member = (const u8 *)thing + field->offset;
    char type_name[TYPE_NAME_BYTES];
    switch (field->kind) {
    case FIELD_BOOL:
        builder_add(out, *(const bool *)member ? TEXT("true") : TEXT("false"));
        return;
    case FIELD_KIND:
        builder_format(out, "%c", *(const u32 *)member ? (int)*(const u32 *)member : '-');
        return;
    case FIELD_I32:
        builder_format(out, "%d", *(const i32 *)member);
        return;
    case FIELD_U32:
        builder_format(out, "%u", *(const u32 *)member);
        return;
    case FIELD_I64:
        builder_format(out, "%lld", (long long)*(const i64 *)member);
        return;
    case FIELD_TEXT:
        builder_format(out, "\"%.*s\"", TEXT_ARG(*(const Text *)member));
        return;
    case FIELD_TYPE:
        builder_add(out, text_from(type_format(*(const Type *)member, type_name)));
        return;
    case FIELD_LIST:
        print_list(field, thing, out);
        return;
    }
    unreachable();
}

void object_print(const ObjectRecord *record, const void *thing, TextBuilder *out)
{
    builder_byte(out, '{');
    for (i32 i = 0; i < record->field_count; i++) {
        builder_format(out, "%s%s: ", i ? ", " : "", record->fields[i].name);
        print_field(&record->fields[i], thing, out);
    }
    builder_byte(out, '}');
}
