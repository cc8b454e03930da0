/* SPDX-License-Identifier: Apache-2.0
 *
 * Type modifiers: from the numbers in a type's name to the packed typmod, and back to text.
 *
 * Each type with modifiers has a checker that packs and a printer that unpacks; the two switches
 * below are the only places that know which type has which. Precisions of date/time types above
 * 6 become 6, as PostgreSQL does (it also warns).
 */
#include "types/interval.h"
#include "types/type.h"

enum {
    LENGTH_MAX = 10485760,
    BITS_MAX = 83886080,
    PRECISION_MAX = 1000,
    NUMERIC_SCALE_LIMIT = 1000,
    TIME_DIGITS_MAX = 6,
    HEADER = 4, /* what typmods of varchar and numeric are shifted by */
};

/* ---- packing ---- */

static bool bad_modifiers(Error *error)
{
    return error_set(error, E_INVALID_PARAMETER_VALUE, "invalid type modifier");
}

static bool pack_length(const i32 *modifiers, i32 count, const char *name, i32 max, i32 shift,
                        i32 *typmod, Error *error)
{
    if (count != 1)
        return bad_modifiers(error);
    if (modifiers[0] < 1)
        return error_set(error, E_INVALID_PARAMETER_VALUE, "length for type %s must be at least 1",
                         name);
    if (modifiers[0] > max)
        return error_set(error, E_INVALID_PARAMETER_VALUE, "length for type %s cannot exceed %d",
                         name, max);
    *typmod = modifiers[0] + shift;
    return true;
}

static bool pack_numeric(const i32 *modifiers, i32 count, i32 *typmod, Error *error)
{
    if (count != 1 && count != 2)
        return error_set(error, E_INVALID_PARAMETER_VALUE, "invalid NUMERIC type modifier");
    i32 precision = modifiers[0], scale = count == 2 ? modifiers[1] : 0;
    if (precision < 1 || precision > PRECISION_MAX)
        return error_set(error, E_INVALID_PARAMETER_VALUE,
                         "NUMERIC precision %d must be between 1 and %d", precision, PRECISION_MAX);
    if (scale < -NUMERIC_SCALE_LIMIT || scale > NUMERIC_SCALE_LIMIT)
        return error_set(error, E_INVALID_PARAMETER_VALUE,
                         "NUMERIC scale %d must be between %d and %d", scale, -NUMERIC_SCALE_LIMIT,
                         NUMERIC_SCALE_LIMIT);
    *typmod = numeric_typmod(precision, scale);
    return true;
}

static bool pack_fraction(const i32 *modifiers, i32 count, const char *name, const char *zone,
                          i32 *typmod, Error *error)
{
    if (count != 1)
        return bad_modifiers(error);
    if (modifiers[0] < 0)
        return error_set(error, E_INVALID_PARAMETER_VALUE,
                         "%s(%d)%s precision must not be negative", name, modifiers[0], zone);
    *typmod = modifiers[0] > TIME_DIGITS_MAX ? TIME_DIGITS_MAX : modifiers[0];
    return true;
}

static const struct {
    i32 fields;
    const char *text;
} interval_ranges[] = {
    {1 << INTERVAL_YEAR, " year"},
    {1 << INTERVAL_MONTH, " month"},
    {1 << INTERVAL_DAY, " day"},
    {1 << INTERVAL_HOUR, " hour"},
    {1 << INTERVAL_MINUTE, " minute"},
    {1 << INTERVAL_SECOND, " second"},
    {1 << INTERVAL_YEAR | 1 << INTERVAL_MONTH, " year to month"},
    {1 << INTERVAL_DAY | 1 << INTERVAL_HOUR, " day to hour"},
    {1 << INTERVAL_DAY | 1 << INTERVAL_HOUR | 1 << INTERVAL_MINUTE, " day to minute"},
    {1 << INTERVAL_DAY | 1 << INTERVAL_HOUR | 1 << INTERVAL_MINUTE | 1 << INTERVAL_SECOND,
     " day to second"},
    {1 << INTERVAL_HOUR | 1 << INTERVAL_MINUTE, " hour to minute"},
    {1 << INTERVAL_HOUR | 1 << INTERVAL_MINUTE | 1 << INTERVAL_SECOND, " hour to second"},
    {1 << INTERVAL_MINUTE | 1 << INTERVAL_SECOND, " minute to second"},
    {INTERVAL_FULL_RANGE, ""},
};

/* The words of a field mask; NULL: no such mask. */
static const char *interval_range_text(i32 fields)
{
    for (i32 i = 0; i < countof(interval_ranges); i++)
        if (interval_ranges[i].fields == fields)
            return interval_ranges[i].text;
    return NULL;
}

/* modifiers: the field mask, then the fractional digits. */
static bool pack_interval(const i32 *modifiers, i32 count, i32 *typmod, Error *error)
{
    if (count < 1 || count > 2 || !interval_range_text(modifiers[0]))
        return error_set(error, E_INVALID_PARAMETER_VALUE, "invalid INTERVAL type modifier");
    i32 fields = modifiers[0];
    if (count == 1) {
        *typmod =
            fields == INTERVAL_FULL_RANGE ? TYPMOD_NONE : fields << 16 | INTERVAL_FULL_PRECISION;
        return true;
    }
    i32 digits = modifiers[1];
    if (digits < 0)
        return error_set(error, E_INVALID_PARAMETER_VALUE,
                         "INTERVAL(%d) precision must not be negative", digits);
    *typmod = fields << 16 | (digits > TIME_DIGITS_MAX ? TIME_DIGITS_MAX : digits);
    return true;
}

bool type_pack_typmod(u32 oid, const i32 *modifiers, i32 count, i32 *typmod, Error *error)
{
    *typmod = TYPMOD_NONE;
    if (count == 0)
        return true;
    const TypeRow *row = type_row(oid);
    switch (row && row->element_oid && row->array_oid == 0 ? row->element_oid : oid) {
    case TYPE_BPCHAR:
        return pack_length(modifiers, count, "char", LENGTH_MAX, HEADER, typmod, error);
    case TYPE_VARCHAR:
        return pack_length(modifiers, count, "varchar", LENGTH_MAX, HEADER, typmod, error);
    case TYPE_BIT:
        return pack_length(modifiers, count, "bit", BITS_MAX, 0, typmod, error);
    case TYPE_VARBIT:
        return pack_length(modifiers, count, "varbit", BITS_MAX, 0, typmod, error);
    case TYPE_NUMERIC:
        return pack_numeric(modifiers, count, typmod, error);
    case TYPE_TIME:
        return pack_fraction(modifiers, count, "TIME", "", typmod, error);
    case TYPE_TIMETZ:
        return pack_fraction(modifiers, count, "TIME", " WITH TIME ZONE", typmod, error);
    case TYPE_TIMESTAMP:
        return pack_fraction(modifiers, count, "TIMESTAMP", "", typmod, error);
    case TYPE_TIMESTAMPTZ:
        return pack_fraction(modifiers, count, "TIMESTAMP", " WITH TIME ZONE", typmod, error);
    case TYPE_INTERVAL:
        return pack_interval(modifiers, count, typmod, error);
    default:
        return error_set(error, E_SYNTAX_ERROR, "type modifier is not allowed for type \"%s\"",
                         row ? row->name : "unknown");
    }
}

/* ---- printing ---- */

static void format_interval(i32 typmod, char out[TYPE_NAME_BYTES])
{
    const char *fields = interval_range_text(typmod >> 16 & INTERVAL_FULL_RANGE);
    i32 digits = typmod & INTERVAL_FULL_PRECISION;
    if (digits == INTERVAL_FULL_PRECISION)
        snprintf(out, TYPE_NAME_BYTES, "interval%s", fields ? fields : "");
    else
        snprintf(out, TYPE_NAME_BYTES, "interval%s(%d)", fields ? fields : "", digits);
}

static void format_scalar(u32 oid, i32 typmod, const char *sql_name, char out[TYPE_NAME_BYTES])
{
    switch (oid) {
    case TYPE_BPCHAR:
    case TYPE_VARCHAR:
        snprintf(out, TYPE_NAME_BYTES, "%s(%d)", sql_name, typmod - HEADER);
        return;
    case TYPE_BIT:
    case TYPE_VARBIT:
        snprintf(out, TYPE_NAME_BYTES, "%s(%d)", sql_name, typmod);
        return;
    case TYPE_NUMERIC:
        snprintf(out, TYPE_NAME_BYTES, "numeric(%d,%d)", numeric_typmod_precision(typmod),
                 numeric_typmod_scale(typmod));
        return;
    case TYPE_TIME:
        snprintf(out, TYPE_NAME_BYTES, "time(%d) without time zone", typmod);
        return;
    case TYPE_TIMETZ:
        snprintf(out, TYPE_NAME_BYTES, "time(%d) with time zone", typmod);
        return;
    case TYPE_TIMESTAMP:
        snprintf(out, TYPE_NAME_BYTES, "timestamp(%d) without time zone", typmod);
        return;
    case TYPE_TIMESTAMPTZ:
        snprintf(out, TYPE_NAME_BYTES, "timestamp(%d) with time zone", typmod);
        return;
    case TYPE_INTERVAL:
        format_interval(typmod, out);
        return;
    default:
        snprintf(out, TYPE_NAME_BYTES, "%s", sql_name);
        return;
    }
}

char *type_format(Type type, char out[TYPE_NAME_BYTES])
{
    const TypeRow *row = type_row(type.oid);
    if (!row) {
        snprintf(out, TYPE_NAME_BYTES, type.oid ? "???" : "-");
        return out;
    }
    bool true_array = row->element_oid && row->name[0] == '_';
    const TypeRow *scalar = true_array ? type_row(row->element_oid) : row;
    if (type.typmod < 0 || !scalar) {
        snprintf(out, TYPE_NAME_BYTES, "%s", row->sql_name);
        return out;
    }
    format_scalar(scalar->oid, type.typmod, scalar->sql_name, out);
    i64 len = (i64)strlen(out);
    if (true_array && len + 3 <= TYPE_NAME_BYTES)
        memcpy(out + len, "[]", 3);
    return out;
}
