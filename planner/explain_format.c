/* SPDX-License-Identifier: Apache-2.0
 *
 * EXPLAIN's answer as a document, and the four forms it is written in: text, JSON, XML and YAML,
 * byte for byte as PostgreSQL writes them.
 *
 * explain.c names each property once; a form decides how it looks. The text form has lines of its
 * own (a node with its figures, "Sort Method: x  Memory: 1kB") where the others have several
 * properties: such items are made for one of the two only.
 */
#include "planner/explain.h"

/* ---- making ---- */

static ExplainItem *item_add(Query *q, ExplainItem *parent, ExplainItemKind kind, const char *label)
{
    ExplainItem *item = make(q, ExplainItem);
    item->kind = kind;
    item->label = label;
    if (parent->last)
        parent->last->next = item;
    else
        parent->first = item;
    parent->last = item;
    return item;
}

ExplainItem *item_line(Query *q, ExplainItem *parent, Text text)
{
    ExplainItem *item = item_add(q, parent, ITEM_LINE, "");
    item->form = FORM_TEXT;
    item->text = text;
    return item;
}

ExplainItem *item_text(Query *q, ExplainItem *parent, const char *label, Text text)
{
    ExplainItem *item = item_add(q, parent, ITEM_TEXT, label);
    item->text = text;
    return item;
}

ExplainItem *item_integer(Query *q, ExplainItem *parent, const char *label, i64 value)
{
    ExplainItem *item = item_add(q, parent, ITEM_NUMBER, label);
    item->text = query_format(q, "%lld", (long long)value);
    return item;
}

ExplainItem *item_float(Query *q, ExplainItem *parent, const char *label, i32 digits, f64 value)
{
    ExplainItem *item = item_add(q, parent, ITEM_NUMBER, label);
    item->text = query_format(q, "%.*f", digits, value);
    return item;
}

ExplainItem *item_flag(Query *q, ExplainItem *parent, const char *label, bool value)
{
    ExplainItem *item = item_add(q, parent, ITEM_NUMBER, label);
    item->text = value ? TEXT("true") : TEXT("false");
    return item;
}

ExplainItem *item_list(Query *q, ExplainItem *parent, const char *label, ExplainTexts list)
{
    ExplainItem *item = item_add(q, parent, ITEM_LIST, label);
    item->list = list;
    return item;
}

void item_word(Query *q, ExplainItem *parent, const char *word)
{
    item_add(q, parent, ITEM_WORD, word);
}

ExplainItem *item_group(Query *q, ExplainItem *parent, const char *label)
{
    return item_add(q, parent, ITEM_GROUP, label);
}

ExplainItem *item_array(Query *q, ExplainItem *parent, const char *label)
{
    return item_add(q, parent, ITEM_ARRAY, label);
}

/* ---- writing ---- */

static const ExplainItem *first_shown(const ExplainItem *item)
{
    while (item && item->form == FORM_TEXT)
        item = item->next;
    return item;
}

static void spaces(TextBuilder *out, i32 count)
{
    builder_format(out, "%*s", count, "");
}

/* ---- text ---- */

static void text_line(ExplainLines *lines, i32 indent, Text text)
{
    Query *q = lines->q;
    make_room(q, lines->items, lines->count, &lines->capacity);
    lines->items[lines->count++] = query_format(q, "%*s%.*s", indent, "", TEXT_ARG(text));
}

static Text joined(Query *q, ExplainTexts list)
{
    TextBuilder builder;
    builder_open(&builder, q, q->arena);
    for (i32 i = 0; i < list.count; i++) {
        if (i)
            builder_add(&builder, TEXT(", "));
        builder_add(&builder, list.items[i]);
    }
    return builder_text(&builder);
}

static void text_items(ExplainLines *lines, const ExplainItem *parent, i32 indent);

/* indent: of the properties of the node above; 0: there is none. */
static void text_node(ExplainLines *lines, const ExplainItem *node, i32 indent)
{
    Query *q = lines->q;
    if (node->before.len) {
        text_line(lines, indent, node->before);
        indent += 2;
    }
    text_line(lines, indent, query_format(q, "%s%.*s", indent ? "->  " : "", TEXT_ARG(node->text)));
    text_items(lines, node, indent + (indent ? 6 : 2));
}

static void text_item(ExplainLines *lines, const ExplainItem *item, i32 indent)
{
    Query *q = lines->q;
    const char *unit = item->unit ? item->unit : "";
    switch (item->kind) {
    case ITEM_LINE:
        text_line(lines, indent, item->text);
        return;
    case ITEM_TEXT:
    case ITEM_NUMBER:
        text_line(lines, indent,
                  query_format(q, "%s: %.*s%s", item->label, TEXT_ARG(item->text), unit));
        return;
    case ITEM_LIST:
        text_line(lines, indent,
                  query_format(q, "%s: %.*s", item->label, TEXT_ARG(joined(q, item->list))));
        return;
    case ITEM_WORD:
        return;
    case ITEM_GROUP:
        if (item->text.len)
            text_node(lines, item, indent);
        else
            text_items(lines, item, indent);
        return;
    case ITEM_ARRAY:
        text_items(lines, item, indent);
        return;
    }
    unreachable();
}

static void text_items(ExplainLines *lines, const ExplainItem *parent, i32 indent)
{
    stack_check(lines->q);
    for (const ExplainItem *item = parent->first; item; item = item->next)
        if (item->form != FORM_STRUCTURED)
            text_item(lines, item, indent);
}

static void write_text(ExplainLines *lines, const ExplainItem *document)
{
    text_items(lines, document, 0);
}

/* ---- JSON ---- */

static void json_string(TextBuilder *out, Text text)
{
    static const char escapes[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    builder_byte(out, '"');
    for (i64 i = 0; i < text.len; i++) {
        char byte = text.data[i];
        const char *escape = NULL;
        for (i32 j = 0; escapes[j] && !escape; j += 2)
            if (escapes[j] == byte)
                escape = &escapes[j + 1];
        if (escape)
            builder_format(out, "\\%c", *escape);
        else if ((unsigned char)byte < ' ')
            builder_format(out, "\\u%04x", (unsigned)byte);
        else
            builder_byte(out, byte);
    }
    builder_byte(out, '"');
}

static void json_item(Query *q, TextBuilder *out, const ExplainItem *item, i32 depth, bool labelled)
{
    stack_check(q);
    spaces(out, 2 * depth);
    if (labelled) {
        json_string(out, text_from(item->label));
        builder_add(out, TEXT(": "));
    }
    bool array = item->kind == ITEM_ARRAY;
    switch (item->kind) {
    case ITEM_LINE:
        return;
    case ITEM_TEXT:
        json_string(out, item->text);
        return;
    case ITEM_NUMBER:
        builder_add(out, item->text);
        return;
    case ITEM_WORD:
        json_string(out, text_from(item->label));
        return;
    case ITEM_LIST:
        builder_byte(out, '[');
        for (i32 i = 0; i < item->list.count; i++) {
            if (i)
                builder_add(out, TEXT(", "));
            json_string(out, item->list.items[i]);
        }
        builder_byte(out, ']');
        return;
    case ITEM_GROUP:
    case ITEM_ARRAY:
        builder_byte(out, array ? '[' : '{');
        for (const ExplainItem *inside = first_shown(item->first); inside;) {
            builder_byte(out, '\n');
            json_item(q, out, inside, depth + 1, !array);
            inside = first_shown(inside->next);
            if (inside)
                builder_byte(out, ',');
        }
        builder_byte(out, '\n');
        spaces(out, 2 * depth);
        builder_byte(out, array ? ']' : '}');
        return;
    }
    unreachable();
}

static void write_json(Query *q, TextBuilder *out, const ExplainItem *document)
{
    json_item(q, out, document, 0, false);
}

/* ---- XML ---- */

static void xml_tag(TextBuilder *out, const char *open, const char *label, const char *close)
{
    builder_add(out, text_from(open));
    for (const char *byte = label; *byte; byte++)
        builder_byte(out, *byte == ' ' || *byte == '/' ? '-' : *byte);
    builder_add(out, text_from(close));
}

static void xml_string(TextBuilder *out, Text text)
{
    for (i64 i = 0; i < text.len; i++) {
        char byte = text.data[i];
        if (byte == '&')
            builder_add(out, TEXT("&amp;"));
        else if (byte == '<')
            builder_add(out, TEXT("&lt;"));
        else if (byte == '>')
            builder_add(out, TEXT("&gt;"));
        else if (byte == '\r')
            builder_add(out, TEXT("&#x0d;"));
        else
            builder_byte(out, byte);
    }
}

static void xml_item(Query *q, TextBuilder *out, const ExplainItem *item, i32 depth)
{
    stack_check(q);
    spaces(out, 2 * depth);
    switch (item->kind) {
    case ITEM_LINE:
        return;
    case ITEM_TEXT:
    case ITEM_NUMBER:
        xml_tag(out, "<", item->label, ">");
        xml_string(out, item->text);
        xml_tag(out, "</", item->label, ">\n");
        return;
    case ITEM_WORD:
        xml_tag(out, "<", item->label, " />\n");
        return;
    case ITEM_LIST:
        xml_tag(out, "<", item->label, ">\n");
        for (i32 i = 0; i < item->list.count; i++) {
            spaces(out, 2 * depth + 2);
            builder_add(out, TEXT("<Item>"));
            xml_string(out, item->list.items[i]);
            builder_add(out, TEXT("</Item>\n"));
        }
        break;
    case ITEM_GROUP:
    case ITEM_ARRAY:
        xml_tag(out, "<", item->label, ">\n");
        for (const ExplainItem *inside = first_shown(item->first); inside;
             inside = first_shown(inside->next))
            xml_item(q, out, inside, depth + 1);
        break;
    }
    spaces(out, 2 * depth);
    xml_tag(out, "</", item->label, ">\n");
}

static void write_xml(Query *q, TextBuilder *out, const ExplainItem *document)
{
    builder_add(out, TEXT("<explain xmlns=\"http://www.postgresql.org/2009/explain\">\n"));
    for (const ExplainItem *item = document->first; item; item = item->next)
        xml_item(q, out, item, 1);
    builder_add(out, TEXT("</explain>"));
}

/* ---- YAML ---- */

/* What stands inside: the first of a list's elements on the line of its dash. */
static void yaml_items(Query *q, TextBuilder *out, const ExplainItem *parent, i32 depth,
                       bool on_line)
{
    stack_check(q);
    bool array = parent->kind == ITEM_ARRAY;
    for (const ExplainItem *item = first_shown(parent->first); item;
         item = first_shown(item->next), on_line = false) {
        if (!on_line) {
            builder_byte(out, '\n');
            spaces(out, 2 * depth);
        }
        if (array)
            builder_add(out, TEXT("- "));
        else
            builder_format(out, "%s: ", item->label);
        if (item->kind == ITEM_TEXT)
            json_string(out, item->text);
        else if (item->kind == ITEM_NUMBER)
            builder_add(out, item->text);
        else if (item->kind == ITEM_WORD)
            json_string(out, text_from(item->label));
        for (i32 i = 0; item->kind == ITEM_LIST && i < item->list.count; i++) {
            builder_byte(out, '\n');
            spaces(out, 2 * depth + 2);
            builder_add(out, TEXT("- "));
            json_string(out, item->list.items[i]);
        }
        if (item->kind == ITEM_GROUP || item->kind == ITEM_ARRAY)
            yaml_items(q, out, item, depth + 1, array);
    }
}

static void write_yaml(Query *q, TextBuilder *out, const ExplainItem *document)
{
    yaml_items(q, out, document, 0, true);
}

/* ---- the forms ---- */

void explain_write(ExplainLines *lines, const ExplainItem *document, ExplainFormat format)
{
    static void (*const writers[])(Query * q, TextBuilder * out, const ExplainItem *document) = {
        [EXPLAIN_JSON] = write_json, [EXPLAIN_XML] = write_xml, [EXPLAIN_YAML] = write_yaml};
    if (format == EXPLAIN_TEXT) {
        write_text(lines, document);
        return;
    }
    TextBuilder out;
    builder_open(&out, lines->q, lines->q->arena);
    writers[format](lines->q, &out, document);
    lines->items = make(lines->q, Text);
    lines->items[lines->count++] = builder_text(&out);
}
