#include "fields.h"
#include "report_form.h"
#include "rules/text_address.h"
#include "rules/workday.h"
#include <stdlib.h>
#include <string.h>

void fields_begin(struct fields *form, struct page *page, const struct field *list, size_t count)
{
    *form = (struct fields){.page = page, .list = list, .count = count};
    for (size_t i = 0; i < count; i++)
        form->values[i] = "";
}

void fields_wrong(struct fields *form, size_t field, const char *text)
{
    if (form->wrong[field])
        return;
    form->wrong[field] = text;
    form->problems++;
}

int64_t fields_number(const struct fields *form, size_t field)
{
    const char *value = form->values[field];
    size_t digits = strspn(value, "0123456789");
    return digits && digits <= 15 && !value[digits] ? strtoll(value, NULL, 10) : 0;
}

int32_t fields_date(const struct fields *form, size_t field)
{
    int32_t day;
    return workday_parse(form->values[field], &day) ? day : 0;
}

static void check(struct fields *form, size_t i)
{
    const struct field *field = &form->list[i];
    const char *value = form->values[i];
    if (!*value) {
        if (field->required)
            fields_wrong(form, i, field->required);
    } else if (field->max && strlen(value) > field->max) {
        fields_wrong(form, i, "Isian ini terlalu panjang, mohon diringkas.");
    } else if (field->kind == FIELD_EMAIL && !text_address_plausible(value)) {
        fields_wrong(form, i, "Alamat e-mail belum lengkap, contoh nama@contoh.id.");
    } else if (field->kind == FIELD_NUMBER && !fields_number(form, i)) {
        fields_wrong(form, i, "Isi dengan angka, mulai dari 1.");
    } else if (field->kind == FIELD_COUNT && value[strspn(value, "0123456789")]) {
        fields_wrong(form, i, "Isi dengan angka, 0 bila tidak ada.");
    } else if (field->kind == FIELD_DATE && !fields_date(form, i)) {
        fields_wrong(form, i, "Tanggal itu tidak ada.");
    }
}

void fields_read(struct fields *form)
{
    for (size_t i = 0; i < form->count; i++) {
        if (form->list[i].kind == FIELD_PICTURE)
            continue;
        const char *value = report_form_trim(form->page, page_field(form->page, form->list[i].name));
        form->values[i] = value ? value : "";
        check(form, i);
    }
}

void fields_offer(struct fields *form, size_t field, const char *value, const char *label)
{
    if (!form->options[field])
        form->options[field] = json_array();
    json_array_append_new(form->options[field], json_pack("{s:s, s:s, s:b}", "option", value, "option_label",
                                                    label, "selected", !strcmp(value, form->values[field])));
}

static json_t *field_json(struct fields *form, size_t i)
{
    static const char *const shapes[] = {
        "as_text", "as_email", "as_number", "as_choice", "as_picture", "as_date", "as_number"};
    const struct field *field = &form->list[i];
    json_t *row = json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:I}", "field", field->name, "label",
        field->label, "hint", field->hint ? field->hint : "", "value", form->values[i], "problem",
        form->wrong[i] ? form->wrong[i] : "", shapes[field->kind], true, "most",
        (json_int_t)(field->max ? field->max : 200));
    if (form->options[i])
        json_object_set_new(row, "options", form->options[i]);
    form->options[i] = NULL;
    return row;
}

void fields_json(struct fields *form, json_t *data)
{
    json_t *fields = json_array(), *problems = json_array();
    for (size_t i = 0; i < form->count; i++) {
        json_array_append_new(fields, field_json(form, i));
        if (form->wrong[i])
            json_array_append_new(
                problems, json_pack("{s:s, s:s}", "anchor", form->list[i].name, "text", form->wrong[i]));
    }
    json_object_set_new(data, "fields", fields);
    if (form->problems) {
        json_object_set_new(data, "wrong", json_true());
        json_object_set_new(data, "problem_words", json_string(report_form_count(form->problems)));
        json_object_set_new(data, "problems", problems);
    } else {
        json_decref(problems);
    }
}
